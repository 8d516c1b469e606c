"""Do the losses cost what their formulas say, in one process and in several?"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the extra [training] is not installed")
pytest.importorskip("sentence_transformers", reason="the extra [training] is not installed")

from indexes.training.losses import contrast, unlikeness  # noqa: E402

ROWS = 7
FIRST_ROWS = 4
"""Of two processes, the first one's share."""
TEMPERATURE = 0.1


def vectors(seed: int) -> torch.Tensor:
    """Unit vectors of three numbers, so that some are near each other."""
    drawn = torch.randn(ROWS, 3, generator=torch.Generator().manual_seed(seed))
    return torch.nn.functional.normalize(drawn, dim=1)


def test_the_contrast_is_least_where_partners_are_nearest() -> None:
    """By hand: two orthogonal pairs cost log(1 + exp(-1 / temperature)); swapped, that plus 1 / temperature."""
    rows = torch.eye(2)
    assert contrast(rows, rows, 0.5).item() == pytest.approx(np.log1p(np.exp(-2)), abs=1e-6)
    assert contrast(rows, rows.flip(0), 0.5).item() == pytest.approx(np.log1p(np.exp(-2)) + 2, abs=1e-6)
    assert unlikeness(rows, rows.flip(0)).item() == pytest.approx(1)


def test_the_contrast_is_that_of_the_library() -> None:
    """MultipleNegativesRankingLoss with scale 1 / temperature is the half of it that goes from query to passage."""
    from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss

    queries, passages = vectors(1), vectors(2)
    forth = MultipleNegativesRankingLoss(model=None, scale=1 / TEMPERATURE).compute_loss_from_embeddings
    expected = (forth([queries, passages], None) + forth([passages, queries], None)) / 2
    torch.testing.assert_close(contrast(queries, passages, TEMPERATURE), expected)


def test_mined_wrong_answers_make_the_search_harder_as_in_the_library() -> None:
    """With them MultipleNegativesRankingLoss is the half from query to passage, and the other half stays as it was."""
    from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss

    queries, passages, wrong = vectors(1), vectors(2), vectors(3)
    ranking = MultipleNegativesRankingLoss(model=None, scale=1 / TEMPERATURE).compute_loss_from_embeddings
    expected = (ranking([queries, passages, wrong], None) + ranking([passages, queries], None)) / 2
    found = contrast(queries, passages, TEMPERATURE, wrong)
    torch.testing.assert_close(found, expected)
    torch.testing.assert_close(contrast(passages, queries, TEMPERATURE, wrong_queries=wrong), expected)
    assert found > contrast(queries, passages, TEMPERATURE)
    torch.testing.assert_close(
        contrast(queries, passages, TEMPERATURE, wrong[:0], wrong[:0]), contrast(queries, passages, TEMPERATURE)
    )


def test_a_right_answer_among_the_mined_is_no_wrong_one() -> None:
    """A mined passage answers another query of the batch: it costs that one nothing, and the others something."""
    rows = torch.eye(3)
    expected = (2 * np.log1p(3 * np.exp(-2)) + np.log1p(2 * np.exp(-2))) / 3
    forth = 2 * contrast(rows, rows, 0.5, rows[:1]).item() - contrast(rows, rows, 0.5).item()
    assert forth == pytest.approx(expected, abs=1e-6)


def test_the_right_answer_once_more_is_no_wrong_one() -> None:
    """By hand: of three texts the first stands twice; it has two wrong answers, each of the others has three."""
    rows = torch.eye(3)
    doubled = torch.cat([rows, rows[:1]])
    expected = (np.log1p(2 * np.exp(-2)) + np.log1p(3 * np.exp(-2))) / 2
    assert contrast(doubled, doubled, 0.5).item() == pytest.approx(expected, abs=1e-6)
    near = torch.nn.functional.normalize(rows + 0.2 * rows.roll(1, 0), dim=1)
    spoilt = torch.cat([rows, near[:1]])
    assert contrast(spoilt, spoilt, 0.5).item() > 0.3, "a text that is merely near stays a wrong answer"


def _share_of_two(rank: int, folder: str) -> None:
    from torch import distributed

    distributed.init_process_group("gloo", init_method=f"file://{folder}/meeting", rank=rank, world_size=2)
    own = slice(0, FIRST_ROWS) if rank == 0 else slice(FIRST_ROWS, ROWS)
    queries, passages = vectors(1)[own].requires_grad_(), vectors(2)[own].requires_grad_()
    # Mined for the texts of one process alone; the other has none of its own.
    wrong = vectors(3)[:2] if rank == 0 else vectors(3)[:0]
    loss = contrast(queries, passages, TEMPERATURE, wrong, vectors(3)[:0])
    loss.backward()
    torch.save((loss.detach(), queries.grad, passages.grad), f"{folder}/{rank}.pt")
    distributed.destroy_process_group()


def test_two_processes_see_the_wrong_answers_of_both(tmp_path: Path) -> None:
    """The mean of their losses over all rows is the loss of one process with all texts; each has gradients."""
    torch.multiprocessing.spawn(_share_of_two, args=(str(tmp_path),), nprocs=2)
    (first, *first_gradients), (second, *second_gradients) = (torch.load(tmp_path / f"{rank}.pt") for rank in (0, 1))
    whole = contrast(vectors(1), vectors(2), TEMPERATURE, vectors(3)[:2])
    torch.testing.assert_close((FIRST_ROWS * first + (ROWS - FIRST_ROWS) * second) / ROWS, whole)
    assert all(gradient.abs().sum() > 0 for gradient in first_gradients + second_gradients)
    alone = contrast(vectors(1)[:FIRST_ROWS], vectors(2)[:FIRST_ROWS], TEMPERATURE, vectors(3)[:2])
    assert first > alone, "the negative control: wrong answers of the other process cost something"
