"""Rules that a department writes into its spec: guarded, tried, run on all rows at once.

``problems`` says what is wrong with them before any data is read, ``oddities`` what is odd; ``compile_rules`` makes them ready, and
``judge`` holds them against rows, which ``of_records`` and ``of_figures`` make. What they may call stands in ``functions``.
"""

from reportkit.rulebook.compiling import Rulebook, compile_rules
from reportkit.rulebook.flags import flagged
from reportkit.rulebook.problems import oddities, problems
from reportkit.rulebook.running import OUTCOMES, Ruled, judge
from reportkit.rulebook.subjects import of_figures, of_records

__all__ = [
    "OUTCOMES",
    "Rulebook",
    "Ruled",
    "compile_rules",
    "flagged",
    "judge",
    "oddities",
    "of_figures",
    "of_records",
    "problems",
]
