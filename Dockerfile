# syntax=docker/dockerfile:1
# The image of one instance. It holds no PostgreSQL: give it DATABASE_URL.

FROM rust:1.95-bookworm AS builder
WORKDIR /src
COPY . .
# The caches stay with the builder, so that a change compiles what changed; hence the copy out of target.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    cargo build --release --locked --bin trunkline \
    && objcopy --only-keep-debug target/release/trunkline /trunkline.debug \
    && objcopy --strip-all --add-gnu-debuglink=/trunkline.debug target/release/trunkline /trunkline

# The symbols lie apart: `docker build --target symbols --output . .` writes trunkline.debug, which debuggers find beside the program.
FROM scratch AS symbols
COPY --from=builder /trunkline.debug /

FROM debian:bookworm-slim
# Certificates: for S3, SMTP and webhooks over TLS.
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /var/lib/trunkline --create-home trunkline
COPY --from=builder /trunkline /usr/local/bin/trunkline
# Inside a container loopback would reach nobody.
ENV TRUNKLINE_HTTP__ADDR=0.0.0.0:8000 TRUNKLINE_DATA_DIR=/var/lib/trunkline
USER trunkline
WORKDIR /var/lib/trunkline
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=10s --start-period=15s CMD ["trunkline", "doctor"]
ENTRYPOINT ["trunkline"]
CMD ["serve"]
