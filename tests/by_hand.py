"""What the views written by hand in pandas and in polars have in common: columns and words.

Both read the same columns of the record and spell the codes of RULES.md, which says what the
numbers in brackets beside each step mean.
"""

# The tables and columns that the two views read.
NEEDED: dict[str, list[str]] = {
    "action_crosswalk": ["response_kind", "cameo_code", "goldstein", "plover_event"],
    "actor_relations": ["actor_id", "kind", "other_actor_id", "standing"],
    "actors": ["actor_id", "name", "kind", "country"],
    "casualties": [
        *("casualty_id", "statement_id", "event_id", "outcome"),
        *("figure_low", "figure_high", "figure_best", "qualifier"),
        *("age_group", "sex", "nationality", "is_nationality_negated", "status", "status_basis"),
        *("part_of_id", "divided_by"),
    ],
    "citations": ["passage_id", "cited_table", "cited_id", "role", "fidelity"],
    "claims": ["statement_id", "target_table", "target_id", "stance"],
    "codes": ["code_list", "code", "sort_order"],
    "damage": ["statement_id", "event_id", "object_kind", "extent"],
    "event_actors": ["event_id", "actor_id", "role"],
    "event_links": ["event_id", "link", "linked_event_id"],
    "events": ["event_id", "kind", "label", "part_of_id"],
    "locations": ["location_id", "name", "part_of_id"],
    "passages": ["passage_id", "source_id"],
    "propositions": [
        *("proposition_id", "event_id", "topic", "value_from_date", "value_to_date"),
        *("value_from_time", "value_to_time", "value_utc_offset_minutes", "value_location_id"),
    ],
    "qualifiers": ["code", "low_from", "high_from"],
    "response_actors": ["response_id", "actor_id", "role", "on_behalf_of_id", "level"],
    "response_events": ["response_id", "event_id"],
    "response_states": [
        *("response_id", "state", "statement_id", "from_date", "to_date"),
        *("local_time", "utc_offset_minutes"),
    ],
    "responses": ["response_id", "kind", "reverses_id"],
    "sources": ["source_id", "publisher_id", "author_id", "proximity"],
    "statements": [
        *("statement_id", "claimant_id", "on_behalf_of_id", "attribution"),
        *("withdrawn_date", "supersedes_id"),
    ],
}

SUPPORT = ["asserts", "implies", "reports", "endorses", "concedes"]
OPPOSE = ["doubts", "denies", "rejects"]
SECOND_HAND = ["relay", "copy", "aggregator", "reference_work", "commentary"]
MISRENDERED = ["misprint", "mistranslation"]
FORCES = ["police", "soldier", "security_forces", "armed_group_member"]
CIVILIANS = ["civilian", "not_stated"]
STATES = ["state", "autonomous_region"]
DONE = ["done", "ordered", "agreed"]
ANNOUNCED = ["considered", "threatened", "pledged", "scheduled"]
NOT_DONE = ["refused", "not_done"]
WITHOUT_FIGURE = {"one": 1, "two": 2, "two_dozen": 24}
LARGER_PLACES = 4

# Each measure of people hurt: its outcome and its group.
MEASURES = {
    "killed": ("killed", "everyone"),
    "injured": ("injured", "everyone"),
    "children_killed": ("killed", "children"),
    "women_killed": ("killed", "women"),
    "men_killed": ("killed", "men"),
    "foreign_nationals_killed": ("killed", "foreign_nationals"),
    "stated_civilians_killed": ("killed", "stated_civilians"),
    "presumed_civilians_killed": ("killed", "presumed_civilians"),
    "forces_killed": ("killed", "forces"),
}
# By what a whole must be divided for its parts to bound a group from above; else by age and sex.
DIVIDED_BY = {
    "foreign_nationals": "nationality",
    "stated_civilians": "status",
    "forces": "status",
}
