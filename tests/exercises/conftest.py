"""Every test has a progress file of its own and starts in Vietnamese."""

import pytest

import d2l_vn


@pytest.fixture(autouse=True)
def alone(tmp_path, monkeypatch):
    monkeypatch.setenv("D2L_VN_PROGRESS", str(tmp_path / "data" / "progress.json"))
    monkeypatch.setattr(d2l_vn.language, "_chosen", "vi")
