"""The application of examples/ferris_app, where Google's keys are those of the test that serves it."""

from __future__ import annotations

import importlib
import json
import os
import sys
from pathlib import Path

import ferris3

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(1, str(ROOT))

issuing = importlib.import_module("tests.auth.issuing")

answers = issuing.Answers({issuing.GOOGLE_KEYS_AT: json.loads(os.environ["GOOGLE_KEYS"]), issuing.TOKENINFO: 400})
app = ferris3.application(ROOT / "examples" / "ferris_app", fetch=answers, clock=issuing.Clock())
