# The default engine image with Ray: head, workers, clients and the dashboard.
ARG BASE
FROM ${BASE} AS packages
USER root
RUN apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends python3-venv \
    && rm -rf /var/lib/apt/lists/*
COPY install-packages ray.txt certificates* /build/
RUN sh /build/install-packages /build/ray.txt

FROM ${BASE}
COPY --from=packages /opt/venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH
