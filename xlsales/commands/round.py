"""What a hand-out and a collection share: the members that get files, and the folders of a round's records."""

from __future__ import annotations

from pathlib import Path

from xlsales.commands.job import Job, Run
from xlsales.core.faults import Fault, Place, Problem, Refused
from xlsales.core.plan import Dimension
from xlsales.ooxml.files import is_address
from xlsales.plan.unknown_names import NoSuchDimension
from xlsales.store.seals import SealDamaged, Seals
from xlsales.vocabulary.dimensions import PERSON_DIMENSIONS, STORE_DIMENSIONS
from xlsales.vocabulary.plan_tables import T_DIMENSIONS


class WhichDimension(Fault):
    """Several dimensions, none of which is called a store's or a person's, and none was named."""

    zh = (
        "不知道下发给谁:计划里没有叫“门店”或“人员”的维度。"
        "请把要下发的维度改成其中一个名称,或在命令行用 --dimension 指定:{names}。"
    )
    en = (
        'To hand out to whom? No dimension is called "Store" or "Person". Call one so, or name it on the command line '
        "by --dimension: {names}."
    )


class NoStores(Fault):
    """A plan without dimensions has nobody to hand out to."""

    zh = "计划里还没有维度和成员。请先填“维度”,再运行“分解目标”。"
    en = "The plan has no dimensions yet. Fill in Dimensions and run split first."


def store_dimension(job: Job, name: str | None) -> Dimension:
    """Return the dimension of the members that get workbooks: the one named, else stores, persons, or the only one."""
    dimensions = {d.name: d for d in job.inputs.plan.dimensions if d.members}
    place = Place(T_DIMENSIONS.label[job.inputs.lang])
    if not dimensions:
        raise Refused([Problem(place, "", NoStores())])
    names = "、".join(dimensions) if job.inputs.lang == "zh" else ", ".join(dimensions)
    if name is not None:
        if name not in dimensions:
            raise Refused([Problem(place, name, NoSuchDimension(found=name, names=names))])
        return dimensions[name]
    called = next((dimensions[n] for n in (*STORE_DIMENSIONS, *PERSON_DIMENSIONS) if n in dimensions), None)
    if called is None and len(dimensions) > 1:
        raise Refused([Problem(place, "", WhichDimension(names=names))])
    return called or next(iter(dimensions.values()))


def near_the_plan(run: Run, folder: Path) -> list[Path]:
    """Return the folders in and below which the records of a round's hand-outs may lie."""
    home = run.document.home
    return [folder, folder.absolute().parent, *([] if is_address(home) else [home.absolute().parent])]


def damaged_keys(seals: Seals) -> list[Problem]:
    """Return a finding for each file of keys that cannot be read."""
    return [Problem.note(Place(path.name), "", SealDamaged(file=path)) for path in seals.damaged]
