# docker build -t evigraph .
# docker run --rm -v "$PWD:/articles" evigraph ingest .
# docker run --rm -v "$PWD:/articles" -p 127.0.0.1:7878:7878 evigraph serve --bind 0.0.0.0:7878

FROM rust:1-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends g++ libclang-dev make nodejs npm && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY . .
RUN make build && strip target/release/evigraph

FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates libstdc++6 && rm -rf /var/lib/apt/lists/* \
  && useradd --create-home evigraph
COPY --from=build /source/target/release/evigraph /usr/local/bin/evigraph
COPY LICENSE-APACHE LICENSE-MIT /usr/share/doc/evigraph/
USER evigraph
# The store is ./evigraph-store in the folder that is mounted here.
WORKDIR /articles
EXPOSE 7878
ENTRYPOINT ["evigraph"]
CMD ["--help"]
