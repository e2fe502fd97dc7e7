# The default engine image with Dask: scheduler, workers, clients and the dashboard.
ARG BASE
FROM ${BASE} AS packages
USER root
RUN apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends python3-venv \
    && rm -rf /var/lib/apt/lists/*
COPY install-packages dask.txt certificates* /build/
RUN sh /build/install-packages /build/dask.txt

FROM ${BASE}
COPY --from=packages /opt/venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH
