"""All routes of version 1, one file per resource."""

from __future__ import annotations

from fastapi import APIRouter

from tweestad.api.v1 import (
    allowances,
    columns,
    description,
    features,
    heights,
    landing,
    layers,
    objects,
    pick,
    pieces,
    places,
)

# A feature's address is longer than its layer's, so features come first.
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
)
