"""Writing: hand over, answer, pull back, and set up pools and rules."""

from leadloop.distribution.services.answering import accept, pull_back, reject, reoffer, withdraw
from leadloop.distribution.services.appealing import appeal, decide
from leadloop.distribution.services.assigning import assign, assign_by_hand
from leadloop.distribution.services.setup import install, save_member, save_pool, sign_routing
from leadloop.distribution.services.sharing_out import share_out

__all__ = [
    "accept",
    "appeal",
    "assign",
    "assign_by_hand",
    "decide",
    "install",
    "pull_back",
    "reject",
    "reoffer",
    "save_member",
    "save_pool",
    "share_out",
    "sign_routing",
    "withdraw",
]
