"""Parameters of worlds that are planted by hand: those of a default once, kept.

What such a world is planted for holds at these values; calibration moves the default, and the world would be another.
"""

from __future__ import annotations

import json
from pathlib import Path

from sim import load_parameters

PLANTED = load_parameters().replace(json.loads(Path(__file__).with_name("planted.json").read_text(encoding="utf-8")))
