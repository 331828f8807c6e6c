"""The pages. No address ends in a slash; the CSV file stands before the layer of the same name."""

from __future__ import annotations

from starlette.routing import BaseRoute, Route

from tweestad.api.pages import about, lists, live_lists, objects, points, search


def page_routes() -> list[BaseRoute]:
    return [
        Route("/", about.show_home),
        Route("/inbedden", about.show_embedded),
        Route("/lijst", lists.show_lists),
        Route("/lijst/live/{layer}.csv", live_lists.download_live_list),
        Route("/lijst/live/{layer}", live_lists.show_live_list),
        Route("/lijst/{layer}.csv", lists.download_list),
        Route("/lijst/{layer}", lists.show_list),
        Route("/lijst/{layer}/{feature:path}", objects.show_feature),
        Route("/object/{ref:path}", objects.show_object),
        Route("/meetpunt/{thing:path}", points.show_point),
        Route("/reeks/{datastream:path}.csv", points.download_series),
        Route("/zoek", search.show_search),
        Route("/bronnen", about.show_sources),
        Route("/toegankelijkheid", about.show_accessibility),
    ]
