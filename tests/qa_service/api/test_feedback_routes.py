"""Are ratings and questions kept for staff, and nothing else?"""

from __future__ import annotations

import pytest

FEEDBACK = "/api/v1/feedback"
RATING = {"release": "r1", "question": "Kdo platí kurzy? Volejte 777 123 456.", "useful": False, "comment": "nic"}


def test_a_rating_is_kept_without_personal_data(client, bench) -> None:
    """204, and what is kept has no telephone number."""
    answer = client.post(FEEDBACK, json=RATING)
    kept = bench.service.feedback.ratings(1)
    assert (answer.status_code, answer.content) == (204, b"")
    assert (kept[0].is_useful, kept[0].comment) == (False, "nic")
    assert "777" not in kept[0].question


def test_a_question_that_was_declined_is_kept_with_its_reason(client, bench) -> None:
    """Whole and streamed answers are heard alike."""
    client.post("/api/v1/answer", json={"question": "Xyzzy?"})
    client.post("/api/v1/answer", json={"question": "Plugh?"}, headers={"Accept": "text/event-stream"})
    kept = bench.service.feedback.unanswered(1)
    assert sorted((asked.question, asked.reason) for asked in kept) == [
        ("Plugh?", "not_found"),
        ("Xyzzy?", "not_found"),
    ]


def test_a_question_of_the_page_is_kept_once(client, bench) -> None:
    """Asked by a shared link or without JavaScript it counts; shown again, or drawn after its stream, it does not."""
    for _ in range(2):
        assert client.get("/", params={"q": "Xyzzy?"}).status_code == 200
    client.post("/api/v1/answer", json={"question": "Plugh?"}, headers={"Accept": "text/event-stream"})
    client.get("/", params={"q": "Plugh?", "part": "answer"})
    kept = [asked.question for asked in bench.service.feedback.unanswered(1)]
    assert sorted(kept) == ["Plugh?", "Xyzzy?"]


def test_where_nothing_is_to_be_kept_nothing_is(start, bench) -> None:
    """One setting switches both off; the reader sees no difference."""
    client = start(keep_questions=False)
    client.post("/api/v1/answer", json={"question": "Xyzzy?"})
    client.get("/", params={"q": "Plugh?"})
    assert client.post(FEEDBACK, json=RATING).status_code == 204
    assert (bench.service.feedback.ratings(1), bench.service.feedback.unanswered(1)) == ([], [])


def test_a_rating_of_a_release_that_nobody_knows_is_refused(client, bench) -> None:
    """It would be counted for something that never was."""
    answer = client.post(FEEDBACK, json={**RATING, "release": "r999"})
    assert (answer.status_code, answer.json()["code"]) == (410, "release_gone")
    assert bench.service.feedback.ratings(1) == []


def test_staff_see_what_was_asked_several_times(admin) -> None:
    """Grouped, with counts; what one person asked stays out."""
    for _ in range(3):
        admin.post("/api/v1/answer", json={"question": "Xyzzy?"})
    gaps = admin.get("/api/v1/admin/gaps").json()["gaps"]
    assert [(gap["question"], gap["count"], gap["reasons"]) for gap in gaps] == [("Xyzzy?", 3, {"not_found": 3})]


def test_a_question_is_embedded_for_the_gaps_once(admin, bench) -> None:
    """The list of half a year is there at the second visit although the model has failed since."""
    for _ in range(3):
        admin.post("/api/v1/answer", json={"question": "Xyzzy?"})
    first = admin.get("/api/v1/admin/gaps")

    def fail() -> None:
        raise RuntimeError("the model is gone")

    bench.embedder.fault = fail
    assert admin.get("/api/v1/admin/gaps").json() == first.json()
    for _ in range(3):
        admin.post("/api/v1/answer", json={"question": "Plugh?"})
    assert admin.get("/api/v1/admin/gaps").json()["code"] == "embedding_failed"


@pytest.mark.parametrize("missing", ["release", "question", "useful"])
def test_a_rating_without_its_parts_is_refused(client, missing) -> None:
    """422 names the part."""
    answer = client.post(FEEDBACK, json={name: value for name, value in RATING.items() if name != missing})
    assert answer.json()["errors"][0]["parameter"] == missing


def test_staff_see_the_newest_ratings_first(admin) -> None:
    """What readers said on purpose, scrubbed, and no more of it than asked for."""
    for comment in ("first", "second", "third"):
        admin.post(FEEDBACK, json={**RATING, "comment": comment})
    ratings = admin.get("/api/v1/admin/feedback", params={"limit": 2}).json()["ratings"]
    assert [rating["comment"] for rating in ratings] == ["third", "second"]
    assert all("777" not in rating["question"] and rating["useful"] is False for rating in ratings)
    assert admin.get("/api/v1/admin/feedback", params={"limit": 0}).status_code == 422
