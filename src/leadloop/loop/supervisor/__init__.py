"""Keeps the processes of one installation running. No Django here: the supervisor stays small and quick."""

from leadloop.loop.supervisor.run import Supervisor

__all__ = ["Supervisor"]
