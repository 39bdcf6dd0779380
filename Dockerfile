# Nothing but what the lock names is installed, and nothing is fetched when it runs.
FROM python:3.12.11-slim-bookworm

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PYTHONPATH=/maarifa/platform DJANGO_SETTINGS_MODULE=maarifa.settings \
    STATIC_DIR=/maarifa/static VAR_DIR=/var/lib/maarifa
WORKDIR /maarifa

COPY requirements.lock ./
RUN pip install --no-cache-dir --no-deps --require-hashes -r requirements.lock

COPY manage.py pyproject.toml CHANGELOG.md LICENSE ./
COPY locale locale
COPY courses courses
COPY platform platform

# Catalogues and static files belong to the code, so they are made with it. The key signs nothing here. What the instance
# keeps beside its database goes to VAR_DIR, a volume that all its processes share.
RUN SECRET_KEY=only-to-build-the-image-and-never-to-run-it python manage.py compile_catalogues \
    && SECRET_KEY=only-to-build-the-image-and-never-to-run-it python manage.py collectstatic --noinput --verbosity 0 \
    && useradd --system --no-create-home maarifa \
    && install -d -o maarifa -g maarifa -m 0700 /var/lib/maarifa

USER maarifa
EXPOSE 8000
CMD ["granian", "--interface", "rsgi", "--http", "1", "--host", "0.0.0.0", "--port", "8000", \
     "--no-ws", "--respawn-failed-workers", "--respawn-interval", "12", "--workers-kill-timeout", "10", "maarifa.rsgi:application"]
