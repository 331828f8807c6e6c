"""Replacing a layer: stage outside the twin, compare by hash, swap in one transaction.

`stage` makes nobody wait. Every other function that writes runs inside `Backend.writing` after
`hold_city`, so that what it compares with cannot change before the end of the transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    case,
    delete,
    func,
    insert,
    literal,
    not_,
    select,
    update,
)
from sqlalchemy.schema import CreateTable

from tweestad.errors import InputRejected
from tweestad.model.feature import Feature
from tweestad.model.layer import Layer, Place
from tweestad.store.backend import Backend
from tweestad.store.intake import feature_rows, place_rows
from tweestad.store.protocol import Change, Domain
from tweestad.store.rows import layer_to_json
from tweestad.store.tables import (
    cell,
    cell_past,
    clock,
    feature,
    feature_past,
    layer,
    place,
    place_token,
    staged_feature,
    staged_keys,
    staged_place,
    staged_token,
    staging,
)

# From here on the planner is told that a table is no longer what it was.
_MANY = 1_000


@dataclass(frozen=True, slots=True)
class Difference:
    """How the staged features differ from the current ones of the layer."""

    added: int
    changed: int
    removed: int
    unchanged: int

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


def stage(
    backend: Backend,
    connection: Connection,
    layer_id: str,
    features: Iterable[Feature],
    places: Iterable[Place],
) -> None:
    """Fill the temporary tables of this connection; raises InputRejected for a duplicate id.

    No transaction is open while the source is being read, however slow it is.
    """
    with backend.staging(connection):
        for table in staging.sorted_tables:
            connection.execute(CreateTable(table))
    for batch in feature_rows(layer_id, features):
        with backend.staging(connection):
            backend.bulk(connection, staged_feature, batch)
    for rows in place_rows(layer_id, places):
        with backend.staging(connection):
            backend.bulk(connection, staged_place, rows)
            words = [(word, row[0]) for row in rows for word in set(row[-1].split())]
            backend.bulk(connection, staged_token, words)
    with backend.staging(connection):
        for index in staged_keys:
            # Now, because an index on what is already there is made by one sort.
            index.create(connection)
        for table in staging.sorted_tables:
            backend.analyse(connection, table)
        _check_duplicates(connection, layer_id)


def _check_duplicates(connection: Connection, layer_id: str) -> None:
    found = connection.scalar(
        select(staged_feature.c.id)
        .group_by(staged_feature.c.id)
        .having(func.count() > 1)
        .order_by(staged_feature.c.id)
        .limit(1)
    )
    if found is not None:
        raise InputRejected(f"the id ‘{found}’ comes twice", where=f"{layer_id}/{found}")


def replace_layer(
    backend: Backend, connection: Connection, new: Layer, cells: Mapping[str, str], position: int | None
) -> Change:
    """Make the layer what was staged; writes nothing and takes no number when it already was."""
    description = layer_to_json(new)
    old = connection.execute(select(layer).where(layer.c.id == new.id)).one_or_none()
    counts = difference(connection, new.id)
    other_places = place_difference(connection, new.id)
    other_cells = _current_cells(connection, new.id) != dict(cells)
    if old is not None and old.until is None:
        if position is not None and position != old.position:
            # The order of listing says nothing about the layer itself: no change number.
            connection.execute(update(layer).where(layer.c.id == new.id).values(position=position))
        if old.description == description and not (counts or other_places or other_cells):
            return Change(old.version, 0, 0, 0, counts.unchanged)
    n = take_number(connection)
    _describe_layer(connection, new, description, n, position)
    if counts:
        swap_features(connection, new.id, n)
        if counts.added + counts.changed + counts.removed >= _MANY:
            backend.analyse(connection, feature)
    if other_places:
        swap_places(connection, new.id)
        backend.analyse(connection, place)
        backend.analyse(connection, place_token)
    if other_cells:
        swap_cells(connection, new.id, cells, n)
    touch_layer(connection, new.id, n)
    return Change(n, counts.added, counts.changed, counts.removed, counts.unchanged)


def _describe_layer(
    connection: Connection, new: Layer, description: str, n: int, position: int | None
) -> None:
    """Write the row of the layer; a new or returning one is listed last unless a position is given."""
    values: dict[str, Any] = {"audience": new.audience, "description": description, "version": n}
    values["until"] = None
    listed = connection.scalar(select(layer.c.until.is_(None)).where(layer.c.id == new.id))
    was_public = connection.scalar(select(layer.c.public_since).where(layer.c.id == new.id))
    values["public_since"] = (n if was_public is None else was_public) if new.audience == "public" else None
    if position is not None or not listed:
        last = select(func.coalesce(func.max(layer.c.position) + 1, 0)).where(layer.c.until.is_(None))
        values["position"] = last.scalar_subquery() if position is None else position
    if listed is None:
        number = select(func.coalesce(func.max(layer.c.number) + 1, 0)).scalar_subquery()
        connection.execute(insert(layer).values(id=new.id, number=number, features=0, **values))
    else:
        connection.execute(update(layer).where(layer.c.id == new.id).values(**values))


def hold_city(connection: Connection) -> None:
    """Wait for other writers of the city, and let later ones wait (SQLite: `writing` already did)."""
    connection.execute(select(clock.c.n).where(clock.c.domain == "city").with_for_update())


def take_number(connection: Connection, domain: Domain = "city") -> int:
    """The next change number; it exists only if this transaction commits, so none is ever skipped over."""
    taken = update(clock).where(clock.c.domain == domain).values(n=clock.c.n + 1).returning(clock.c.n)
    return int(connection.execute(taken).scalar_one())


def difference(connection: Connection, layer_id: str) -> Difference:
    """Count, without writing, what a swap would do."""
    here = feature.c.layer == layer_id
    same_id = staged_feature.join(feature, here & (feature.c.id == staged_feature.c.id))
    both, same = connection.execute(
        select(
            func.count(),
            func.coalesce(func.sum(case((feature.c.hash == staged_feature.c.hash, 1), else_=0)), 0),
        ).select_from(same_id)
    ).one()
    offered = connection.scalar(select(func.count()).select_from(staged_feature)) or 0
    present = connection.scalar(select(func.count()).select_from(feature).where(here)) or 0
    return Difference(
        added=offered - both, changed=both - int(same), removed=present - both, unchanged=int(same)
    )


def swap_features(connection: Connection, layer_id: str, n: int) -> None:
    """Move changed and removed features to the past as of n, and add the staged ones that are new."""
    equal = (
        select(1)
        .select_from(staged_feature)
        .where(staged_feature.c.id == feature.c.id, staged_feature.c.hash == feature.c.hash)
        .correlate(feature)
        .exists()
    )
    close_features(connection, (feature.c.layer == layer_id) & not_(equal), n)
    present = (
        select(1)
        .select_from(feature)
        .where(feature.c.layer == layer_id, feature.c.id == staged_feature.c.id)
        .correlate(staged_feature)
        .exists()
    )
    given = [c for c in staged_feature.c if c.name != "spot"]
    new = select(literal(layer_id), literal(n), *given).where(not_(present)).order_by(staged_feature.c.spot)
    connection.execute(insert(feature).from_select(["layer", "since", *(c.name for c in given)], new))


def close_features(connection: Connection, which: ColumnElement[bool], n: int) -> None:
    """Move current features to the past: valid until n."""
    kept = [c for c in feature.c if c.name != "number"]
    names = [*(c.name for c in kept), "until"]
    closing = select(*kept, literal(n)).where(which)
    connection.execute(insert(feature_past).from_select(names, closing))
    connection.execute(delete(feature).where(which))


def place_difference(connection: Connection, layer_id: str) -> bool:
    """Whether the staged places differ from the current ones of the layer."""
    return bool(
        connection.scalar(select(_absent(place, staged_place).where(place.c.layer == layer_id).exists()))
        or connection.scalar(select(_absent(staged_place, place).exists()))
    )


def swap_places(connection: Connection, layer_id: str) -> None:
    """Remove places that are no longer there and add new ones with their words."""
    drop_places(connection, place.c.hash.in_(_absent(place, staged_place).where(place.c.layer == layer_id)))
    known = select(place.c.hash)
    connection.execute(delete(staged_token).where(staged_token.c.place.in_(known)))
    connection.execute(delete(staged_place).where(staged_place.c.hash.in_(known)))
    for table, source in ((place, staged_place), (place_token, staged_token)):
        # Distinct, because the same place offered twice is one place.
        # Sorted by key, so that the tables grow at their ends.
        new = select(source).distinct().order_by(*(source.c[key.name] for key in table.primary_key))
        connection.execute(insert(table).from_select([c.name for c in table.c], new))


def drop_places(connection: Connection, which: ColumnElement[bool]) -> int:
    """Remove places with their words, and return how many there were."""
    hashes = select(place.c.hash).where(which)
    connection.execute(delete(place_token).where(place_token.c.place.in_(hashes)))
    return connection.execute(delete(place).where(which)).rowcount


def _absent(these: Table, those: Table) -> Any:
    """Hashes of `these` that are not among `those`."""
    there = select(1).select_from(those).where(those.c.hash == these.c.hash).correlate(these).exists()
    return select(these.c.hash).where(not_(there))


def swap_cells(connection: Connection, layer_id: str, shas: Mapping[str, str], n: int) -> None:
    """Close the cells that changed or went, and add the new ones, as of n."""
    current = _current_cells(connection, layer_id)
    closing = sorted(name for name, sha in current.items() if shas.get(name) != sha)
    for name in closing:
        which = (cell.c.layer == layer_id) & (cell.c.rd_cell == name)
        columns = [cell.c.layer, cell.c.rd_cell, cell.c.since, cell.c.blob_sha]
        closed = select(*columns, literal(n)).where(which)
        connection.execute(insert(cell_past).from_select([*(c.name for c in columns), "until"], closed))
        connection.execute(delete(cell).where(which))
    rows = [
        {"layer": layer_id, "rd_cell": name, "since": n, "blob_sha": sha}
        for name, sha in sorted(shas.items())
        if current.get(name) != sha
    ]
    if rows:
        connection.execute(insert(cell), rows)


def _current_cells(connection: Connection, layer_id: str) -> dict[str, str]:
    found = connection.execute(select(cell.c.rd_cell, cell.c.blob_sha).where(cell.c.layer == layer_id))
    return {row.rd_cell: row.blob_sha for row in found}


def touch_layer(connection: Connection, layer_id: str, n: int) -> None:
    """Note that the layer changed at n, and count what the public part of it now holds."""
    columns = (feature.c.min_x, feature.c.min_y, feature.c.max_x, feature.c.max_y)
    low = [func.min(c) for c in columns[:2]]
    high = [func.max(c) for c in columns[2:]]
    published = (feature.c.layer == layer_id) & (feature.c.state == "published")
    count, min_x, min_y, max_x, max_y = connection.execute(
        select(func.count(), *low, *high).where(published)
    ).one()
    connection.execute(
        update(layer)
        .where(layer.c.id == layer_id)
        .values(version=n, features=count, min_x=min_x, min_y=min_y, max_x=max_x, max_y=max_y)
    )
