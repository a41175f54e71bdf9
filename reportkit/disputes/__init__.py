"""Facts that forms of different departments state differently about one thing, and what became of such disputes (异议)."""

from reportkit.disputes.finding import SCHEMA, Disputes, Stated, find_disputes
from reportkit.disputes.following import KEPT, State, corrected, follow
from reportkit.disputes.telling import shown, told

__all__ = ["KEPT", "SCHEMA", "Disputes", "State", "Stated", "corrected", "find_disputes", "follow", "shown", "told"]
