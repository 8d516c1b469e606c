"""Is every action of staff on the disk, one line each, and readable after a crash?"""

from __future__ import annotations

from pathlib import Path

from qa_service.audit import AUDIT_FILE, AuditLog


def test_actions_are_read_newest_first(tmp_path: Path) -> None:
    """At most as many as asked for."""
    audit = AuditLog(tmp_path)
    assert audit.newest(5) == []
    for number in range(5):
        audit.write("Jana", "publish", subject=number)
    assert [line["subject"] for line in AuditLog(tmp_path).newest(2)] == [4, 3]


def test_a_line_cut_off_by_a_crash_spoils_no_other(tmp_path: Path) -> None:
    """The half line is left out, and what is written behind it begins a line of its own."""
    audit = AuditLog(tmp_path)
    audit.write("Jana", "publish")
    with (tmp_path / AUDIT_FILE).open("a") as file:
        file.write('{"at": "2026')
    assert [line["action"] for line in audit.newest(5)] == ["publish"]
    audit.write("Petr", "rollback")
    assert [line["action"] for line in audit.newest(5)] == ["rollback", "publish"]


def test_control_characters_reach_no_terminal(tmp_path: Path) -> None:
    """A name that a stranger chose is escaped."""
    AuditLog(tmp_path).write("a\x1b[31m\nb", "x\u202e")
    text = (tmp_path / AUDIT_FILE).read_text(encoding="ascii")
    assert text.isprintable() or text.rstrip("\n").isprintable()
    assert text.count("\n") == 1
