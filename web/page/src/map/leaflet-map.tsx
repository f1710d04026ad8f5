// SPDX-License-Identifier: Apache-2.0
// Leaflet in the page. Without a tile server the ground is plain: it works without the internet.

import L from "leaflet";
import { useEffect, useRef, useState } from "preact/hooks";

import type { Link } from "../api/desa";
import { fetchBoundaries } from "../api/map";
import type { Session } from "../api/session";
import { useLive } from "../live/context";
import { useWords } from "../parts/language";
import type { Mark } from "./clusters";
import { LinkLayer } from "./layer";
import { words } from "./words";

export function hasPosition(link: Link): boolean {
  return link.lat !== null && link.lon !== null;
}

async function addGround(map: L.Map, session: Session): Promise<void> {
  if (session.tiles) L.tileLayer(session.tiles).addTo(map);
  if (!session.boundaries) return;
  map.createPane("boundaries"); // below the links, above the tiles
  L.geoJSON(await fetchBoundaries(), {
    pane: "boundaries",
    interactive: false,
    style: { className: "boundary", weight: 1 },
  }).addTo(map);
}

function makeMap(element: HTMLElement, links: Link[]): { map: L.Map; layer: LinkLayer } {
  const map = L.map(element, { zoomSnap: 0.25, wheelPxPerZoomLevel: 120, maxZoom: 18, minZoom: 4 });
  const layer = new LinkLayer();

  map.attributionControl.setPrefix(false);
  map.fitBounds(
    L.latLngBounds(links.map((link) => [link.lat as number, link.lon as number])).pad(0.06),
    { animate: false, maxZoom: 13 },
  );
  layer.addTo(map);
  return { map, layer };
}

export interface LeafletProps {
  session: Session;
  theme: string;
  wanted: (link: Link) => boolean;
  choose: (mark: Mark) => void;
}

export function LeafletMap(props: LeafletProps) {
  const live = useLive();
  const w = useWords(words);
  const element = useRef<HTMLDivElement>(null);
  const [made, make] = useState<{ map: L.Map; layer: LinkLayer } | null>(null);
  const choose = useRef(props.choose);
  choose.current = props.choose;

  useEffect(() => {
    if (!element.current) return;
    const { map, layer } = makeMap(element.current, live.links.filter(hasPosition));
    map.on("click", (event) => {
      const mark = layer.at(event.containerPoint);
      if (!mark) return;
      choose.current(mark);
      if (mark.links.length > 1) map.flyTo(event.latlng, Math.min(map.getZoom() + 2, 16));
    });
    void addGround(map, props.session).catch(() => undefined); // the links are what matters
    make({ map, layer });
    const resized = new ResizeObserver(() => map.invalidateSize({ animate: false }));
    resized.observe(element.current);
    return () => {
      resized.disconnect();
      map.remove();
    };
  }, []);
  useEffect(() => {
    made?.layer.show(live.links.filter((link) => hasPosition(link) && props.wanted(link)));
  }, [made, live, props.wanted, props.theme]);

  return <div ref={element} class="map" role="application" aria-label={w.map} />;
}
