"""What one request may ask. `/api/v1/limits` shows these numbers, the code uses these numbers."""

from __future__ import annotations

from dataclasses import dataclass

from tweestad.access.reader import OBJECT_FEATURES_MAX


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes or characters, lengths in metres, the rest in pieces."""

    body_bytes: int = 256 * 1024
    query_bytes: int = 8_192
    page_size_default: int = 100
    page_size_max: int = 10_000
    search_letters_min: int = 2
    search_characters: int = 200
    search_results_default: int = 10
    search_results_max: int = 50
    bbox_characters: int = 200
    cursor_characters: int = 1_000
    id_characters: int = 200
    key_characters: int = 400
    object_features_max: int = OBJECT_FEATURES_MAX
    pick_radius_default_m: float = 10.0
    pick_radius_max_m: float = 100.0
    pick_candidates_max: int = 20_000
    pick_results_max: int = 50
    height_points_max: int = 200
    height_characters: int = 8_000
    pieces_max: int = 500
    piece_candidates_max: int = 2_000
    conditions_max: int = 10
    condition_values_max: int = 50
    condition_characters: int = 2_000
    nearest_max: int = 20_000
    table_rows: int = 50
    table_offset_max: int = 100_000
    table_filter_max: int = 1_000
    things_page_max: int = 1_000
    live_features_max: int = 10_000
    live_values_max: int = 200_000
    readings_page_default: int = 1_000
    readings_page_max: int = 10_000
    buckets_max: int = 10_000
    stream_layers_max: int = 30
    stream_heartbeat_s: int = 15


LIMITS = Limits()
