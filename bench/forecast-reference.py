"""Forecasts of statsmodels' exponential smoothing for bench/forecast.ts: python3 forecast-reference.py m3.json out.json [period]

Each of the nine additive-error kinds (no, linear, damped trend; no, additive, multiplicative season), and the one with the
smallest AICc.
"""
import json
import sys
import warnings

import numpy
from statsmodels.tsa.holtwinters import ExponentialSmoothing

warnings.filterwarnings("ignore")
KINDS = [(trend, damped, season) for trend, damped in ((None, False), ("add", False), ("add", True)) for season in (None, "add", "mul")]


def main(source, target, period=12):
    out = {}
    for series in json.load(open(source)):
        y = numpy.array(series["train"], float)
        best = (numpy.inf, None)
        own = out[series["id"]] = {}
        for trend, damped, season in KINDS:
            if season and (len(y) < 2 * period or (season == "mul" and y.min() <= 0)):
                continue
            try:
                model = ExponentialSmoothing(
                    y, trend=trend, damped_trend=damped, seasonal=season,
                    seasonal_periods=period if season else None, initialization_method="estimated",
                ).fit()
                values = model.forecast(len(series["test"]))
            except Exception:
                continue
            if not numpy.all(numpy.isfinite(values)):
                continue
            name = f"statsmodels trend={'damped' if damped else trend} season={season}"
            own[name] = values.tolist()
            if model.aicc < best[0]:
                best = (model.aicc, values.tolist())
        if best[1]:
            own["statsmodels, smallest AICc"] = best[1]
    json.dump(out, open(target, "w"))


main(sys.argv[1], sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 12)
