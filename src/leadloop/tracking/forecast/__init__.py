"""What will be won, when, and how sure that is: submissions, baselines, a model, and the record of what came true.

`history`, `hazard`, `model`, `inflow`, `simulate`, `baselines` and `backtest` are columnar and need numpy, so only the
worker and the command line reach them. `rules`, `accuracy` and `cash` are plain, and pages may use them.
"""
