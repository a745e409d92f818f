"""Writes of the room."""

from leadloop.platform.services.company import (
    beat,
    hold_sending,
    release_sending,
    save_settings,
)
from leadloop.platform.services.entering import entry_token, may_enter
from leadloop.platform.services.hours import add_absence, remove_absence, save_calendar
from leadloop.platform.services.rates import set_rate
from leadloop.platform.services.teams import save_team
from leadloop.platform.services.tokens import (
    TOKEN_SCOPES,
    create_token,
    revoke_token,
    token_viewer,
)
from leadloop.platform.services.users import (
    add_user,
    change_user,
    deactivate_user,
    reactivate_user,
    set_password,
)

__all__ = [
    "TOKEN_SCOPES",
    "add_absence",
    "add_user",
    "beat",
    "change_user",
    "create_token",
    "deactivate_user",
    "entry_token",
    "hold_sending",
    "may_enter",
    "reactivate_user",
    "release_sending",
    "remove_absence",
    "revoke_token",
    "save_calendar",
    "save_settings",
    "save_team",
    "set_password",
    "set_rate",
    "token_viewer",
]
