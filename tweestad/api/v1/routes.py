"""All routes of version 1, one file per resource."""

from __future__ import annotations

from fastapi import APIRouter

from tweestad.api.v1 import (
    allowances,
    columns,
    datastreams,
    description,
    features,
    feeds,
    heights,
    landing,
    layers,
    live,
    objects,
    pick,
    pieces,
    places,
    stream,
    things,
)

# A feature's address is longer than its layer's, so features come first; likewise the values of a series.
ROUTERS: tuple[APIRouter, ...] = (
    landing.router,
    description.router,
    description.root,
    description.pages,
    allowances.router,
    features.router,
    pieces.router,
    columns.router,
    layers.router,
    objects.router,
    places.router,
    pick.router,
    heights.router,
    live.listing,
    live.router,
    things.router,
    things.one,
    datastreams.files,
    datastreams.router,
    datastreams.one,
    feeds.router,
    stream.router,
)
