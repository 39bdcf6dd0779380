"""What operations holds of people."""

from maarifa.lib.personal_data import PersonalDataEntry

PERSONAL_DATA = [PersonalDataEntry.nothing("operations.Heartbeat", why="when a process was last at work")]
