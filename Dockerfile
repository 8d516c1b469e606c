# One image for a small machine: the service, its page and its worker, the bundled model and the starter collection.
#   docker compose -f deploy/compose.yaml up --build
# Everything that changes lies in the volume /data; the root file system may be read-only, given a /tmp in memory.

FROM python:3.11-slim-bookworm AS build
WORKDIR /src
RUN python -m venv /opt/pramen
ENV PATH="/opt/pramen/bin:$PATH"
# The dependencies change less often than the program, so they are a layer of their own.
COPY requirements/build.txt requirements/default.txt requirements/
RUN pip install --no-cache-dir --require-hashes -r requirements/build.txt \
    && pip install --no-cache-dir --require-hashes --no-build-isolation -r requirements/default.txt
COPY . .
RUN pip install --no-cache-dir --no-deps --no-build-isolation .
# Working folders as the settings' defaults expect them, empty but for the starter collection and its judged questions.
RUN mkdir -p /data/corpus /data/releases /data/state \
    && cp -R corpus/publications corpus/judgments /data/corpus/

FROM python:3.11-slim-bookworm
COPY --from=build /opt/pramen /opt/pramen
# A named volume that is empty takes over what the image holds here, and its owner.
COPY --from=build --chown=10001:10001 /data /data
ENV PATH="/opt/pramen/bin:$PATH" \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PRAMEN_CORPUS=/data/corpus/publications \
    PRAMEN_RELEASES=/data/releases \
    PRAMEN_STATE=/data/state
WORKDIR /data
VOLUME /data
USER 10001:10001
EXPOSE 8000
# The first start builds a release, which takes its time on a slow machine.
HEALTHCHECK --interval=30s --timeout=5s --start-period=180s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
ENTRYPOINT ["pramen"]
CMD ["serve", "--host", "0.0.0.0"]
