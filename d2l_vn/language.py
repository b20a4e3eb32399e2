"""The language in which the package speaks to its reader."""

import os

_chosen: str | None = None


def set_language(lang: str) -> None:
    """Choose Vietnamese (``"vi"``) or English (``"en"``) for messages, progress lines and figure labels.

    Without this call the environment variable ``D2L_VN_LANG`` decides, and without that it is Vietnamese.
    Raises ValueError for any other language.
    """
    global _chosen
    require(lang in ("vi", "en"), f'`lang` phải là "vi" hoặc "en", không phải {lang!r}',
            f'`lang` must be "vi" or "en", not {lang!r}')
    _chosen = lang


def say(vi: str, en: str) -> str:
    """Return the words of the chosen language; the two stand side by side wherever the reader is spoken to."""
    return en if (_chosen or os.environ.get("D2L_VN_LANG")) == "en" else vi


def require(fine: object, vi: str, en: str) -> None:
    """Raise ValueError with the words of the chosen language unless ``fine``."""
    if not fine:
        raise ValueError(say(vi, en))
