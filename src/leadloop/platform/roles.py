"""Who may see, edit and export what. This table is the only place that says so."""

from __future__ import annotations

from leadloop.platform.rights import (
    NOTHING,
    ROLE_LABELS,
    Capability,
    Grant,
    Role,
    Scope,
    Verb,
    widest,
)

__all__ = ["GRANTS", "NOTHING", "ROLE_LABELS", "Capability", "Grant", "Role", "Scope", "Verb", "widest"]

_READ = Grant(see=Scope.ALL)
_READ_OUT = Grant(see=Scope.ALL, export=Scope.ALL)
_WRITE = Grant(see=Scope.ALL, edit=Scope.ALL)
_FULL = Grant(see=Scope.ALL, edit=Scope.ALL, export=Scope.ALL)
_WRITE_OWN = Grant(see=Scope.ALL, edit=Scope.OWN)
_OWN_READ = Grant(see=Scope.OWN)
_OWN = Grant(see=Scope.OWN, edit=Scope.OWN)
_TEAM_READ = Grant(see=Scope.TEAM)
_TEAM_WRITE_OWN = Grant(see=Scope.TEAM, edit=Scope.OWN)
_TEAM = Grant(see=Scope.TEAM, edit=Scope.TEAM)
_TEAM_FULL = Grant(see=Scope.TEAM, edit=Scope.TEAM, export=Scope.TEAM)
_WALLED_READ = Grant(see=Scope.PARTNER)
_WALLED_WRITE_OWN = Grant(see=Scope.PARTNER, edit=Scope.OWN)
_WALLED = Grant(see=Scope.PARTNER, edit=Scope.PARTNER)

_C = Capability
_STAFF = {_C.CONTENT: _READ, _C.AGREEMENT: _READ, _C.PROGRAMMES: _READ, _C.TOKENS: _OWN, _C.EXPORTS: _OWN}
_PURSUIT = (_C.LEADS, _C.PEOPLE, _C.OPPORTUNITIES, _C.ACTIVITIES, _C.INQUIRIES)
_LOOP = {
    **_STAFF,
    **dict.fromkeys(_PURSUIT, _FULL),
    _C.QUARANTINE: _WRITE,
    _C.IMPORTS: _WRITE,
    _C.AGREEMENT: _WRITE,
    _C.SCORING: _WRITE,
    _C.ROUTING: _WRITE,
    _C.SEGMENTS: _WRITE,
    _C.MAILINGS: _READ,
    _C.REPORTS: _FULL,
    _C.USERS: _READ,
    _C.EXPORTS: _WRITE,
}
_WATCH = {
    **dict.fromkeys(Capability, _READ_OUT),
    _C.TOKENS: _READ,
    _C.USERS: _READ,
    _C.SETTINGS: _READ,
    _C.SYSTEM: _READ,
}

_GRANTED: dict[Role, dict[Capability, Grant]] = {
    Role.SALESPERSON: {
        **_STAFF,
        **dict.fromkeys(_PURSUIT, _OWN),
        _C.INQUIRIES: _OWN_READ,
        _C.REPORTS: _OWN_READ,
        _C.FORECAST: _OWN,
    },
    Role.INSIDE_SALES: {
        **_STAFF,
        **dict.fromkeys(_PURSUIT, _TEAM),
        _C.OPPORTUNITIES: _TEAM_READ,
        _C.QUARANTINE: _WRITE,
        _C.IMPORTS: _OWN,
        _C.SEGMENTS: _READ,
        _C.REPORTS: _TEAM_READ,
    },
    Role.PRESALES: {
        **_STAFF,
        **dict.fromkeys(_PURSUIT, _TEAM_WRITE_OWN),
        _C.INQUIRIES: _TEAM_READ,
        _C.REPORTS: _OWN_READ,
    },
    Role.MARKETER: {
        **_STAFF,
        _C.LEADS: _WRITE_OWN,
        _C.PEOPLE: _WRITE_OWN,
        _C.OPPORTUNITIES: _READ,
        _C.ACTIVITIES: _WRITE_OWN,
        _C.INQUIRIES: _WRITE,
        _C.QUARANTINE: _WRITE,
        _C.IMPORTS: _WRITE_OWN,
        _C.PORTALS: _WRITE,
        _C.PROGRAMMES: _FULL,
        _C.COSTS: _FULL,
        _C.BUDGETS: _WRITE_OWN,
        _C.CONTENT: _FULL,
        _C.SCORING: _READ,
        _C.ROUTING: _READ,
        _C.JOURNEYS: _WRITE,
        _C.SEGMENTS: _WRITE,
        _C.MAILINGS: _WRITE,
        _C.REPORTS: _READ_OUT,
    },
    Role.CONTENT_OWNER: {**_STAFF, _C.CONTENT: _FULL, _C.MAILINGS: _READ, _C.REPORTS: _READ},
    Role.SALES_OPERATIONS: {
        **_LOOP,
        _C.PORTALS: _WRITE,
        _C.COSTS: _READ,
        _C.JOURNEYS: _READ,
        _C.FORECAST: _READ,
        _C.SETTINGS: _READ,
        _C.SYSTEM: _READ,
    },
    Role.SALES_MANAGER: {
        **_STAFF,
        **dict.fromkeys(_PURSUIT, _TEAM_FULL),
        _C.INQUIRIES: _TEAM_READ,
        _C.IMPORTS: _OWN,
        _C.SCORING: _READ,
        _C.ROUTING: _READ,
        _C.SEGMENTS: _READ,
        _C.REPORTS: Grant(see=Scope.TEAM, export=Scope.TEAM),
        _C.FORECAST: _TEAM_FULL,
        _C.USERS: _TEAM_READ,
    },
    Role.HEAD_OF_SALES: {
        **_LOOP,
        _C.PORTALS: _READ,
        _C.COSTS: _READ,
        _C.BUDGETS: _READ,
        _C.JOURNEYS: _READ,
        _C.FORECAST: _FULL,
    },
    Role.HEAD_OF_MARKETING: {
        **_LOOP,
        _C.OPPORTUNITIES: _READ_OUT,
        _C.ACTIVITIES: _READ_OUT,
        _C.PORTALS: _WRITE,
        _C.PROGRAMMES: _FULL,
        _C.COSTS: _FULL,
        _C.BUDGETS: _FULL,
        _C.CONTENT: _FULL,
        _C.JOURNEYS: _WRITE,
        _C.MAILINGS: _WRITE,
        _C.FORECAST: _READ,
    },
    Role.HEAD_OF_LEAD_MANAGEMENT: {
        **_LOOP,
        _C.PORTALS: _WRITE,
        _C.PROGRAMMES: _FULL,
        _C.COSTS: _FULL,
        _C.BUDGETS: _FULL,
        _C.CONTENT: _FULL,
        _C.JOURNEYS: _WRITE,
        _C.MAILINGS: _WRITE,
        _C.FORECAST: _FULL,
        _C.SETTINGS: _READ,
        _C.SYSTEM: _READ,
    },
    Role.PRESIDENT: _WATCH,
    Role.CFO: _WATCH,
    Role.AGENCY: {**dict.fromkeys(_PURSUIT, _WALLED_WRITE_OWN), _C.INQUIRIES: _OWN_READ, _C.CONTENT: _WALLED_READ},
    Role.PARTNER: {
        **dict.fromkeys(_PURSUIT, _WALLED),
        _C.INQUIRIES: _WALLED_READ,
        _C.CONTENT: _WALLED_READ,
        _C.REPORTS: _WALLED_READ,
        _C.FORECAST: _WALLED,
    },
    Role.ADMIN: {
        **_STAFF,
        **dict.fromkeys(_PURSUIT, _READ),
        _C.QUARANTINE: _WRITE,
        _C.IMPORTS: _WRITE,
        _C.PORTALS: _WRITE,
        _C.SCORING: _READ,
        _C.ROUTING: _READ,
        _C.JOURNEYS: _READ,
        _C.SEGMENTS: _READ,
        _C.MAILINGS: _READ,
        _C.REPORTS: _READ,
        _C.USERS: _FULL,
        _C.SETTINGS: _FULL,
        _C.SYSTEM: _FULL,
        _C.TOKENS: _WRITE,
        _C.EXPORTS: _WRITE,
    },
}

GRANTS: dict[Role, dict[Capability, Grant]] = {
    role: {capability: _GRANTED[role].get(capability, NOTHING) for capability in Capability} for role in Role
}
