# The default engine image with Spark: master, workers, executors and drivers.
ARG BASE
FROM ${BASE} AS packages
USER root
RUN apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends python3-venv \
    && rm -rf /var/lib/apt/lists/*
COPY install-packages spark.txt certificates* /build/
RUN sh /build/install-packages /build/spark.txt
COPY spark.env.sh /build/
RUN conf=$(/opt/venv/bin/python3 -c 'import pyspark; print(pyspark.__path__[0])')/conf \
    && mkdir -p "$conf" && cp /build/spark.env.sh "$conf/spark-env.sh"

FROM ${BASE}
USER root
# Spark's scripts use ps.
RUN apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends openjdk-17-jre-headless procps \
    && rm -rf /var/lib/apt/lists/*
COPY --from=packages /opt/venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH
USER 1000
