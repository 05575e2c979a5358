"""`--executor dask`: models are traced by a Dask cluster that is there already."""
