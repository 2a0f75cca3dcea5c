"""下发: a workbook for every store, from the targets in the breakdown sheets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
from msgspec.structs import replace

from xlsales.commands.filled_files import Fillers, Numbered, fill_all, fillers
from xlsales.commands.handed import handed_rows
from xlsales.commands.job import Job, Run, open_job
from xlsales.commands.known_sales import KnownSales, known_sales
from xlsales.commands.outcome import Outcome
from xlsales.commands.past_sales import usable_history
from xlsales.commands.ready import ask_if_ready
from xlsales.commands.round import damaged_keys, near_the_plan, store_dimension
from xlsales.commands.targets import written_targets
from xlsales.core.arrays import Floats
from xlsales.core.basis import basis_of
from xlsales.core.breakdown import Breakdown
from xlsales.core.faults import Fault, Listed, Place, Problem, Refused
from xlsales.core.member_days import own_weights
from xlsales.core.opening import leaf_spans
from xlsales.core.plan import MICROS, Dimension
from xlsales.core.shapes import History, day_index
from xlsales.core.text import counted, identity
from xlsales.plan.scorecard.handed import handed_cards
from xlsales.plan.three_tiers import handed_tiers
from xlsales.store.contract import INDEX, MANIFEST, SHORT
from xlsales.store.handout.derivation import sentences
from xlsales.store.handout.fill import Filler
from xlsales.store.handout.folder import Folder
from xlsales.store.handout.index import index_workbook
from xlsales.store.manifest import Manifest, ManifestOfOtherPlan
from xlsales.store.sealing import digest_of
from xlsales.store.seals import SealedElsewhere, Seals, seals_to_hand_out
from xlsales.store.sheets import BY_KEY
from xlsales.store.tables import MOST_ROWS, Tables, tables_of
from xlsales.store.targets import Store, StoreTerms, targets_of
from xlsales.values.near_names import near_names

SAVED_EVERY = 200
"""The manifest is saved after so many stores: a run that breaks off can go on from there."""


def handout(
    run: Run,
    folder: Path,
    store: Sequence[str] = (),
    dimension: str | None = None,
    template: Path | None = None,
    zip: bool = False,
) -> Outcome:
    """Write a workbook for each `store`, else for all of a dimension, a list of them and a manifest.

    Files that stores filled in stay. `template` is a restyled store workbook; `zip` puts all files into one more.
    """
    job = open_job(run, writes=False)
    breakdown = written_targets(job)
    job.let_targets_go()
    units = store_dimension(job, dimension)
    codes = [units.members[position].name for position in units.leaves]
    codes_chosen = _chosen(units, store)
    ask_if_ready(job, units, codes_chosen)
    inputs, line = job.inputs, breakdown.timeline
    terms = StoreTerms(
        breakdown.plan, units.name, line, job.calendar, inputs.lang, inputs.unit, currency=inputs.currency
    )
    with fillers(len(codes_chosen)) as crew:
        files = _folder(folder, terms)
        history = usable_history(job.inputs, job.run.watch)
        tables = tables_of(breakdown, units, history)
        rows = handed_rows(job, breakdown, units, job.problems)
        longest = {table: max(map(len, of.values()), default=0) for table, of in rows.items()}
        terms = replace(terms, handed_rows={table: count for table, count in longest.items() if count})
        cards = handed_cards(job.sheets, units, line, inputs.plan.closed_through, inputs.plan.step_micros)
        terms = replace(terms, card_rows=max(map(len, cards.values()), default=0))
        tiers = handed_tiers(job.sheets, breakdown, units)
        terms = replace(terms, tiers=bool(tiers))
        stores = _stores(job, breakdown, terms, units, history, tables)
        stores = [replace(own, rows={table: of.get(own.code, ()) for table, of in rows.items()}) for own in stores]
        stores = [replace(own, cards=cards.get(own.code, ()), tiers=tiers.get(own.code, {})) for own in stores]
        sales = known_sales(job, breakdown, units, tables, np.array([one.days for one in stores]))
        if sales is not None:
            stores = [replace(stores[i], known=known) for i, known in enumerate(sales.stores)]
        terms = _with_sales(job, terms, tables, stores, sales)
        filler = _filler(job, template, terms, tables)
        terms = filler.terms
        folder.mkdir(parents=True, exist_ok=True)
        files.drop_gone(codes)
        files.plan_names(codes)
        seals = seals_to_hand_out(terms.plan.name, terms.dimension, near_the_plan(run, folder), run.now)
        _report_seals(job, files, seals)
        stores = [own for own in stores if own.code in codes_chosen]
        counts = _put_all(job, terms, files, crew, filler, seals, stores)
    parents = {m.name: m.parent or "" for m in units.members}
    files.put_index(INDEX[terms.lang], index_workbook(terms, files.close(), parents))
    archive = files.zip() if zip else None
    run.watch("", 1.0)
    job.problems += [Problem.note(Place(file), "", fault) for file, fault in files.faults]
    with_sales = sum(own.known.any for own in stores if own.known is not None)
    return _outcome(job, terms, files, counts, archive, sales, with_sales)


class DeadlinePassed(Fault):
    """Stores are to return by a day that is over."""

    zh = "“回收截止”{due} 已过:实际已到 {as_of}。请改日期,再下发一次。"
    en = '"Return by" {due} is over: there are actuals to {as_of}. Change the date and hand out again.'


def _with_sales(
    job: Job, terms: StoreTerms, tables: Tables, stores: Sequence[Store], sales: KnownSales | None
) -> StoreTerms:
    """What all stores share, once their targets and sales are there; a deadline that is over is a problem."""
    as_of, due = sales.as_of if sales is not None else None, job.inputs.return_due
    if due is not None and as_of is not None and due <= as_of:
        fault = DeadlinePassed(due=due, as_of=as_of)
        job.problems.append(Problem.note(job.setting_place("xs_return_due"), str(due), fault))
    largest = max(float(own.days.sum()) for own in stores)
    terms = replace(terms, largest=largest, tables=tables.tables, handed=as_of, due=due)
    return replace(terms, return_to=job.inputs.return_to, company=job.inputs.company)


# --- what is asked for ------------------------------------------------------------------------


class NoSuchStore(Fault):
    """A store that the dimension does not have, or that has members below it."""

    zh = "维度“{dimension}”的最末级里没有“{found}”。请用维度表里的成员名,相近的有:{near}。"
    en = 'Dimension "{dimension}" has no lowest member "{found}". Use the names of the table; near ones: {near}.'


def _chosen(dimension: Dimension, stores: Sequence[str]) -> set[str]:
    """The lowest members of these names or aliases, all if there are none; raises Refused for unknown ones."""
    leaves = [dimension.members[position] for position in dimension.leaves]
    names = {alias: member.name for member in leaves for alias in member.aliases}
    names |= {member.name: member.name for member in leaves}
    known = {identity(name): name for name in names}
    problems = []
    for name in stores:
        if name not in names:
            near = [known[one] for one in near_names(identity(name), known)][:3] or list(names)[:3]
            fault = NoSuchStore(dimension=dimension.name, found=name, near=" / ".join(near))
            problems.append(Problem(Place("--store"), name, fault))
    if problems:
        raise Refused(problems)
    return {names[name] for name in stores} if stores else set(names.values())


def _folder(path: Path, terms: StoreTerms) -> Folder:
    manifest = Manifest.load(path)
    if manifest is None:
        return Folder(path, Manifest(terms.plan.name, terms.dimension, terms.lang))
    if (manifest.plan, manifest.dimension) != (terms.plan.name, terms.dimension):
        theirs, ours = f"{manifest.plan} {manifest.dimension}", f"{terms.plan.name} {terms.dimension}"
        raise ManifestOfOtherPlan(folder=path.name, found=theirs, asked=ours)
    return Folder(path, manifest)


# --- the stores' targets ----------------------------------------------------------------------


def _stores(
    job: Job, breakdown: Breakdown, terms: StoreTerms, dimension: Dimension, history: History | None, tables: Tables
) -> list[Store]:
    """Every lowest member with its targets by day, in yuan, how they were derived, and its rows of the tables."""
    positions = dimension.leaves
    months = breakdown.dimensions[dimension.name].months[positions]
    job.run.watch(job.word("按日分解", "days"), 0.2)
    stores = targets_of(breakdown, dimension, tables)
    _report_coarse(job, breakdown, terms, np.array([store.days for store in stores]))
    plan = breakdown.plan
    targets = {name: part.targets for name, part in breakdown.dimensions.items()}
    basis = basis_of(plan, history, targets) if history is not None else None
    yuan = plan.step_micros / MICROS
    totals = (months.sum(axis=1) * yuan).tolist()
    try:
        index = day_index(plan, job.calendar, history)
    except Fault:  # written targets need no history; it only explains them
        index = None
    reasons = sentences(terms, positions, totals, basis, index)
    return [Store(own.code, own.days, own.parts, why) for own, why in zip(stores, reasons, strict=True)]


class TemplateWithoutTables(Fault):
    """A template from before there were tables by dimension, or one that has lost its sheet of them."""

    zh = (
        "模板里没有“{sheet}”表,下发的文件里就没有按“{names}”的目标。"
        "需要时请先不带 --template 下发,再以其中一个文件为样板。"
    )
    en = (
        'The template has no sheet "{sheet}", so files have no targets by {names}. If they are to, hand out '
        "without --template first and restyle one of those files."
    )


class TemplateWithoutRows(Fault):
    """A template from before a table of the plan had rows in files, or one that has lost their sheet."""

    zh = "模板里没有“{sheet}”表,下发的文件里就没有它的行。需要时请先不带 --template 下发,再以其中一个文件为样板。"
    en = (
        'The template has no sheet "{sheet}", so files have no rows of it. If they are to, hand out without '
        "--template first and restyle one of those files."
    )


class TableTooLong(Fault):
    """A dimension with too many members for a table in a store's file."""

    zh = "“{dimension}”在一份文件里有 {count} 行,超过 {most} 行,下发的文件里不放它的表。"
    en = '"{dimension}" has {count:rows} in a file, more than {most}: files have no table of it.'


class PersonsOfNoStore(Fault):
    """A dimension of persons without groups that bear stores' names."""

    zh = (
        "“{dimension}”没有以{units}命名的上级,不知道各属于谁,下发的文件里不放它的表。"
        "请在“维度”里把上级写成{units}的名称。"
    )
    en = (
        '"{dimension}" has no parents named like members of "{units}", so it is not known to whom they belong: files '
        "have no table of them. Name those members as their parents in Dimensions."
    )


def _filler(job: Job, template: Path | None, terms: StoreTerms, tables: Tables) -> Filler:
    """What fills the stores' files; tables by dimension that these do not have are reported."""
    filler = Filler.of_plan(terms) if template is None else Filler.of_file(template, terms)
    sheet = BY_KEY["members"].title[terms.lang]
    if terms.tables and not filler.terms.tables:
        names = Listed(table.dimension for table in terms.tables)
        job.problems.append(Problem.note(Place(sheet), "", TemplateWithoutTables(sheet=sheet, names=names)))
    lacking = [key for key in terms.handed_rows if not filler.terms.handed_rows.get(key)]
    lacking += ["scorecard"] if terms.card_rows and not filler.terms.card_rows else []
    lacking += ["tiers"] if terms.tiers and not filler.terms.tiers else []
    for key in lacking:
        title = BY_KEY[key].title[terms.lang]
        job.problems.append(Problem.note(Place(title), "", TemplateWithoutRows(sheet=title)))
    for name, count in tables.too_long:
        fault = TableTooLong(dimension=name, count=count, most=MOST_ROWS)
        job.problems.append(Problem.note(Place(sheet), "", fault))
    for name in tables.ungrouped:
        unowned = PersonsOfNoStore(dimension=name, units=terms.dimension)
        job.problems.append(Problem.note(Place(sheet), "", unowned))
    if template is not None:
        job.problems += [Problem.note(Place(template.name), "", fault) for fault in filler.faults]
    return filler


def _report_seals(job: Job, folder: Folder, seals: Seals) -> None:
    """Say which records of keys cannot be read, and that files in the folder bear seals of keys that are not here."""
    problems = damaged_keys(seals)
    other = [line for line in folder.manifest.stores if line.seal and not seals.has_key_of(line.seal)]
    if other:
        fault = SealedElsewhere(count=len(other), folder=seals.folder)
        problems.append(Problem.note(Place(MANIFEST), "", fault))
    job.problems += problems


class StepTooCoarseForDays(Fault):
    """Stores with a share of a day that is less than a step: some of their days get nothing."""

    zh = (
        "有 {count} 个“{dimension}”的日目标出现 0:最小步长 {step} {base}对每天太粗。"
        "请在“设置”里改小步长,再运行“分解目标”。"
    )
    en = (
        '{count} of "{dimension}" {count:has|have} days of target 0: the step of {step} {base} is too coarse. '
        "Lower it, split again."
    )


class DayStepTooCoarse(Fault):
    """The same, if the plan has a setting for the step of days."""

    zh = (
        "有 {count} 个“{dimension}”的日目标出现 0:{step} {base}对每天太粗。"
        "请把“日步长”改小,例如 {finer},运行“分解目标”,再下发一次。"
    )
    en = (
        '{count} of "{dimension}" {count:has|have} days of target 0: {step} {base} is too coarse. '
        'Lower "Day step", to {finer} for example, split and hand out again.'
    )


class LessThanOneADay(Fault):
    """Stores that get nothing on some days, where no finer step is there."""

    remark = True
    zh = "有 {count} 个“{dimension}”有些天的目标是 0:它们平均每天不到 1 {base}。月目标不受影响,不用改。"
    en = (
        '{count} of "{dimension}" {count:has|have} days of target 0: on average a day has less than 1 of the {base}. '
        "Months are not affected; leave it."
    )


def _report_coarse(job: Job, breakdown: Breakdown, terms: StoreTerms, days: Floats) -> None:
    """Warn of stores that get nothing on days on which they are to sell."""
    empty = (days == 0) & (breakdown.days > 0)
    dimension = breakdown.dimensions[terms.dimension].dimension
    for store, (first, end) in enumerate(leaf_spans(dimension, terms.timeline) or ()):
        empty[store, :first] = empty[store, end:] = False
    for store, weights in own_weights(breakdown.plan, terms.timeline, dimension).items():
        empty[store, weights == 0] = False
    for at in terms.slices:
        empty[:, at] &= days[:, at].any(axis=1, keepdims=True)
    count = int(empty.any(axis=1).sum())
    if count:
        step = f"{terms.plan.day_step_micros / MICROS:g}"
        own = job.book.area("xs_day_step") is not None
        kind = DayStepTooCoarse if own else StepTooCoarseForDays
        facts = {"dimension": terms.dimension, "count": count, "base": terms.in_full.said}
        if terms.plan.day_step_micros <= MICROS and terms.in_full.unit == "piece":
            fault: Fault = LessThanOneADay(**facts)
        else:
            fault = kind(step=step, finer="1" if terms.plan.day_step_micros > MICROS else "0.01", **facts)
        place = job.setting_place("xs_day_step" if own else "xs_step")
        job.problems.append(Problem.note(place, step, fault))


def _put_all(
    job: Job, terms: StoreTerms, folder: Folder, crew: Fillers, filler: Filler, seals: Seals, stores: Sequence[Store]
) -> Counter[str]:
    counts: Counter[str] = Counter()
    stage = job.word("写下发的文件", "files")
    numbered = _numbered(terms, folder, seals, stores)
    try:
        for i, ((store, short), data) in enumerate(fill_all(crew, filler, numbered), 1):
            counts[folder.put(store, short, data)] += 1
            job.run.watch(stage, 0.3 + 0.65 * i / len(stores))
            if i % SAVED_EVERY == 0:
                folder.close()
    finally:
        folder.close()
    return counts


def _numbered(terms: StoreTerms, folder: Folder, seals: Seals, stores: Iterable[Store]) -> Iterator[Numbered]:
    """Yield each store with its seal and its version, and the fingerprint of its targets."""
    for store in stores:
        digest = digest_of(terms, store)
        short = digest[:SHORT]
        yield replace(store, version=folder.version(store.code, short), seal=seals.seal(digest)), short


# --- the report -------------------------------------------------------------------------------


def _outcome(
    job: Job, terms: StoreTerms, folder: Folder, counts: Counter[str], archive: Path | None, sales: KnownSales | None,
    with_sales: int,
) -> Outcome:  # fmt: skip
    new = counts["written"] + counts["beside"]
    lines = [
        job.word(
            "下发 {0} 个“{1}”:写入 {2},未变 {3},已填写而保留 {4}",
            '{0} of "{1}": {2} written, {3} unchanged, {4} kept as filled in',
        ).format(sum(counts.values()), terms.dimension, new, counts["unchanged"], counts["kept"]),
        job.word("文件夹 {0},清单 {1}", "Folder {0}, list {1}").format(folder.path, INDEX[terms.lang]),
    ]
    if sales is not None:
        text = job.word(
            "已带上实际:{0} 个,截至 {1};有 {2} 行没有计入,见“刷新进度”",
            "Known actuals carried: {0}, to {1}; {2:rows} not counted, see refresh",
        )
        lines.append(counted(text, with_sales, sales.as_of, sales.aside))
    if archive is not None:
        lines.append(job.word("压缩包 {}", "Zip {}").format(archive))
    if job.problems:
        lines.append(job.word("请注意 {} 条:", "{} to look at:").format(len(job.problems)))
        lines += [f"  {problem.say(terms.lang)}" for problem in job.problems[:10]]
        if len(job.problems) > 10:
            lines.append(job.word("  …… 其余见 --json", "  … --json gives the rest"))
    lines.append(
        job.word(
            "下一步:把文件发出去;交回来的放进一个文件夹,再收回填报。",
            "Next: send the files; put what comes back into one folder, then collect.",
        )
    )
    figures = {
        "folder": str(folder.path),
        "dimension": terms.dimension,
        "stores": sum(counts.values()),
        "counts": {key: counts[key] for key in ("written", "beside", "unchanged", "kept")},
        "files": [{"store": line.code, "file": line.file, "version": line.version} for line in folder.lines],
        "zip": str(archive) if archive else None,
    }
    document = job.run.document
    return Outcome("handout", terms.lang, document.home, bool(new), tuple(lines), tuple(job.problems), figures)
