"""Build both editions from the committed notebooks into _build/site.

python -m book.tools.site             build, then print the address to open
python -m book.tools.site --serve     build, then serve it on this machine
"""

import argparse
import contextlib
import functools
import http.server
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import yaml

from book.tools import LANGUAGES, ROOT

BUILD = ROOT / "_build"
SITE = BUILD / "site"


def update(base: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """`base` with `changes` laid over it, dictionaries merged key by key."""
    merged = dict(base)
    for key, value in changes.items():
        both = isinstance(value, dict) and isinstance(merged.get(key), dict)
        merged[key] = update(merged[key], value) if both else value
    return merged


def edition_files(lang: str, changes: dict[str, Any]) -> tuple[Path, Path]:
    """Configuration and table of contents of one edition, derived from the two files at the root."""
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8").replace("/vi/", f"/{lang}/"))
    if lang != "vi":
        edition = yaml.safe_load((ROOT / "book" / "theme" / f"config.{lang}.yml").read_text(encoding="utf-8"))
        captions = edition.pop("captions")
        config = update(config, edition)
        for part in toc["parts"]:
            part["caption"] = captions[part["caption"]]
    config = update(config, changes)
    extensions = config["sphinx"]["local_extensions"]  # Jupyter Book looks for them beside the settings
    config["sphinx"]["local_extensions"] = {name: str(ROOT / path) for name, path in extensions.items()}
    folder = BUILD / "settings" / lang
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in (("_config.yml", config), ("_toc.yml", toc)):
        (folder / name).write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return folder / "_config.yml", folder / "_toc.yml"


def build_edition(lang: str, output: Path, changes: dict[str, Any]) -> None:
    """Run Jupyter Book with warnings as errors, and put the pages under `output`."""
    config, toc = edition_files(lang, changes)
    work = output.parent / f"{output.name}-work" / lang  # kept: what has not changed is not built again
    command = [
        sys.executable, "-c", "from jupyter_book.cli.main import main; main()", "build", str(ROOT),
        "--path-output", str(work), "--config", str(config), "--toc", str(toc), "-W", "--keep-going", "-q",
    ]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True, encoding="utf-8")
    if done.returncode:
        sys.exit(f"the {lang} edition was not built:\n{done.stdout}{done.stderr}")
    # Sphinx copies static files only when a page has changed
    shutil.copytree(ROOT / "book" / "theme" / "static", work / "_build" / "html" / "_static", dirs_exist_ok=True)
    shutil.rmtree(output / lang, ignore_errors=True)
    shutil.copytree(work / "_build" / "html", output / lang, ignore=shutil.ignore_patterns(".*"))


def build(output: Path = SITE, changes: dict[str, Any] | None = None) -> Path:
    """Both editions side by side, and the page at the root that leads to them; `changes` go over _config.yml."""
    output.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(max_workers=2) as pool:
        list(pool.map(lambda lang: build_edition(lang, output, changes or {}), LANGUAGES))
    shutil.copy(ROOT / "book" / "theme" / "root.html", output / "index.html")
    return output


def serve(folder: Path) -> None:
    """Serve the site on this machine alone until interrupted, on the first free port from 8000."""
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(folder))
    for port in range(8000, 8020):
        with contextlib.suppress(OSError):
            server = http.server.ThreadingHTTPServer(("127.0.0.1", port), handler)
            break
    else:
        sys.exit("no free port between 8000 and 8019")
    print(f"http://127.0.0.1:{server.server_port}/   (Ctrl+C: dừng | stop)", flush=True)
    with contextlib.suppress(KeyboardInterrupt):
        server.serve_forever()


def main() -> None:
    """Build, and serve if asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--serve", action="store_true")
    arguments = parser.parse_args()
    site = build()
    if arguments.serve:
        serve(site)
    else:
        print(f"Mở | open: {(site / 'index.html').as_uri()}\nTìm kiếm chạy khi | search works with: make serve")


if __name__ == "__main__":
    main()
