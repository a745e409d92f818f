"""The agreement's own terms as people read them."""

from __future__ import annotations

from leadloop.agreement.contracts import Handover, Leadership, ReasonUse

LEADERSHIPS: dict[Leadership, str] = {
    "joint": "Sales and marketing together",
    "sales": "Sales",
    "marketing": "Marketing",
}
HANDOVERS: dict[Handover, str] = {
    "sales_ready": "Only qualified leads are handed to sales",
    "all_inquiries": "Every inquiry is handed to sales at once",
    "sales_owned": "Whoever finds a lead works it at once",
}
USES: dict[ReasonUse, str] = {
    "reject": "giving back",
    "recycle": "recycling",
    "lose": "losing a deal",
    "disqualify": "disqualifying",
    "skip": "skipping a stage",
    "pull_back": "pulling back",
    "win": "winning",
    "merge": "merging",
}
PLACES = {
    "support": "Support",
    "job": "Applications",
    "supplier": "Offers of suppliers",
    "other": "Everything else",
}
