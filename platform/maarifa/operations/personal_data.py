"""What operations holds of people."""

from maarifa.lib.personal_data import Held

PERSONAL_DATA = [Held.nothing("operations.Heartbeat", why="when a process was last at work")]
