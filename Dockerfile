# The bot as it is served: the locked dependencies and the source, run by a user without rights.
FROM python:3.13-slim
WORKDIR /app
COPY requirements.lock ./
RUN pip install --no-cache-dir --require-hashes --no-deps -r requirements.lock
COPY bot ./bot
COPY knowledge ./knowledge
COPY workflows ./workflows
COPY storage ./storage
COPY program ./program
RUN useradd --uid 10001 --no-create-home preflight && mkdir /data && chown preflight /data
USER preflight
ENV PYTHONUNBUFFERED=1 PREFLIGHT_HOST=0.0.0.0 PREFLIGHT_DATA_DIR=/data PREFLIGHT_LOG_FORMAT=json
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s \
  CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:3000/readyz', timeout=4)"]
ENTRYPOINT ["python", "-m", "bot.cli"]
CMD ["serve"]
