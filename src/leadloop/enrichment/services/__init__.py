"""What the room does. Batches throughout; every write states its actor and its moment."""

from leadloop.enrichment.services.enriching import begin_run, enrich, run_of_day
from leadloop.enrichment.services.setting_up import keep_file, save_policies, switch_on
from leadloop.enrichment.services.undoing import undo_run

__all__ = ["begin_run", "enrich", "keep_file", "run_of_day", "save_policies", "switch_on", "undo_run"]
