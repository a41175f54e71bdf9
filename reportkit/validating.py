"""``validate``: what is wrong with files, told gravest first, with marked copies to send back where they are asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from reportkit import answers, waivers
from reportkit.arrivals import Outcome, Told, silent
from reportkit.closing import Background, Beside, Closed, close_apart
from reportkit.consolidation import Consolidation
from reportkit.desk import Desk, asked, on_desk, refuse_foreign, settled, summary_of, with_status
from reportkit.findings import SCHEMA, Findings
from reportkit.flatlist import FlatList, is_long, looks_long, validate_list
from reportkit.formats.listing import Manner, listing
from reportkit.history import PERIODS
from reportkit.marking import STAMP
from reportkit.outbox import staged_into
from reportkit.periods import Period, today
from reportkit.reckoning import answered, elsewhere, moved_of, rule_lines
from reportkit.returning import About, copies, explanations, mark_all
from reportkit.sources import severities
from reportkit.statistics import Statistics
from reportkit.submissions import State
from reportkit.summary import Listing, RoundSummary, RuleLine, ValidateOptions


def validate(options: ValidateOptions, told: Told = silent) -> RoundSummary:
    """Findings one by one, values masked unless they are asked for; marked copies in ``options.marked``.

    Long lists without any other file are held against the template asked for a column at a time; nothing is linked there.

    Raises:
        UsageError: template or workspace is wrong, or a marked copy would go over a file that is none.
        NoInputError: no file matched.
        DiskError: the copies cannot be written; none is left half-written.
    """
    period = Period.asked(options.period) if options.period else None
    lists = _long_lists(options, period, told)
    return _of_lists(lists, options) if lists else _of_files(options, told)


def _long_lists(options: ValidateOptions, period: Period | None, told: Told) -> list[FlatList]:
    """The files, each a long list; none where one of them is not, or where copies are to be marked."""
    # Files are looked at before the template: to open its blank costs more, and most files are no long lists.
    if not options.template or options.marked is not None or not all(map(looks_long, options.paths)):
        return []
    templates = asked(options.template)
    if len(templates) != 1 or not all(is_long(path, templates[0].template) for path in options.paths):
        return []
    as_of, lists = options.as_of or today(), []
    for done, path in enumerate(options.paths):
        told("consolidate", done, len(options.paths))
        found = validate_list(path, templates[0].template, period or Period.month_of(as_of), as_of)
        if found is None:
            return []
        lists.append(found)
    told("consolidate", len(lists), len(lists))
    return lists


def _of_lists(lists: Sequence[FlatList], options: ValidateOptions) -> RoundSummary:
    """What is told of long lists."""
    listed = listing(lists, Findings.empty(), Manner(options.language, {}, options.show_values, options.as_of))
    counts = severities([one.findings for one in lists])
    summary = RoundSummary(
        submissions={State.ACCEPTED.value: len(lists)},
        findings=counts,
        listed=listed,
        rules=_rules(lists),
        dry_run=options.dry_run,
        next_step="validate",
    )
    return with_status(summary, fails=options.fail_on.met(counts))


def _of_files(options: ValidateOptions, told: Told) -> RoundSummary:
    """What is told of workbooks and other files whose tables have to be found."""
    desk = on_desk(options.paths, options.template, told, options.workspace, options.period)
    outcome = settled(desk, options.as_of, told)
    closed = close_apart(outcome.results, outcome.loose, _background(outcome, desk), _beside(desk))
    marked = _mark(closed, outcome, desk, options) if options.marked is not None else ()
    counts = Counter(severities([elsewhere(outcome.loose, closed)]))
    for one in closed:
        counts.update(one.severities)
    summary = replace(
        summary_of(outcome, desk, (), ()),
        findings=dict(counts),
        listed=_listed(outcome, closed, options),
        answered=answered(closed, outcome.period.name),
        moved=tuple(moved_of(moved, outcome) for one in closed for moved in one.moved),
        rules=_rules(outcome.results),
        marked=len(marked),
        outputs=marked,
        dry_run=options.dry_run,
        next_step="validate",
    )
    return with_status(summary, fails=options.fail_on.met(summary.findings))


def _background(outcome: Outcome, desk: Desk) -> Background:
    """Explanations typed into the files themselves; in a workspace also those it keeps, and its waivers."""
    kept = answers.none()
    if desk.workspace is not None:
        kept = waivers.load(desk.workspace.root, desk.workspace.hidden, desk.workspace.units)
    every = answers.given(explanations(outcome.submissions, outcome.period.name), kept)
    return Background(outcome.period, outcome.as_of, outcome.given.units, every)


def _beside(desk: Desk) -> Beside | None:
    return Beside(desk.given.templates, desk.workspace.hidden / PERIODS) if desk.workspace else None


def _listed(outcome: Outcome, closed: Sequence[Closed], options: ValidateOptions) -> Listing:
    """Findings that no answer lets pass; a file's unit by name where units are known."""
    units = outcome.given.units
    names = {one.file: units.name(one.unit) for one in outcome.submissions} if len(units) else {}
    manner = Manner(options.language, names, options.show_values, options.as_of)
    left = {one.template.name: Findings(one.open.select(list(SCHEMA))) for one in closed}
    results = [replace(one, findings=left[one.template.name]) for one in outcome.results]
    return listing(results, elsewhere(outcome.loose, closed), manner)


def _rules(results: Sequence[Consolidation | FlatList | Statistics]) -> tuple[RuleLine, ...]:
    return tuple(line for one in results for line in rule_lines(one.template.name, one.outcomes.iter_rows()))


# -- marked copies ----------------------------------------------------------------------------------------


def _mark(closed: Sequence[Closed], outcome: Outcome, desk: Desk, options: ValidateOptions) -> tuple[str, ...]:
    """Write marked copies into the folder, side by side; gives their paths, those of a dry run too."""
    folder = options.marked or Path()
    about = About(outcome.period.name, desk.names, outcome.dues, options.language)
    wanted = [replace(one, source=desk.files[str(one.source)]) for one in copies(closed, outcome.submissions, about)]
    below = len(outcome.given.units) > 0
    targets = [one.target if below else Path(one.target.name) for one in wanted]
    for target in targets:
        refuse_foreign(folder / target, desk, STAMP, force=options.force)
    if not options.dry_run and wanted:
        with staged_into(folder) as fresh:
            mark_all([replace(one, target=fresh / target) for one, target in zip(wanted, targets, strict=True)])
    return tuple(str(folder / target) for target in targets)
