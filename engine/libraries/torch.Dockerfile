# The default engine image with PyTorch for CPUs, of Debian: gloo and torchrun.
ARG BASE
FROM ${BASE}
USER root
RUN apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends python3-torch \
    && rm -rf /var/lib/apt/lists/*
# This torchrun fails under Python 3.11 unless it handles the output itself.
ENV PET_REDIRECTS=1 PET_TEE=1
USER 1000
