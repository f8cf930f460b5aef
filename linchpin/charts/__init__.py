"""Pictures of results: one Vega-Lite specification for each kind of chart, the same for browser and documents."""
