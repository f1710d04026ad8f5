// SPDX-License-Identifier: Apache-2.0
// Whose time an exclusion is about: a kabupaten, and down from there; or a provider.

import { useMemo } from "preact/hooks";

import type { NewExclusion } from "../api/incidents";
import type { Session } from "../api/session";
import { useLive } from "../live/context";
import { desaName } from "../parts/describe";
import { properName } from "../parts/format";
import { useCommon, useWords } from "../parts/language";
import { Select } from "../parts/select";
import { options } from "../wall/choice";
import { words } from "./words";

export interface Places {
  kabupaten: string;
  kecamatan: string;
  desa: string;
  link: string;
  provider: string;
}

export const nowhere: Places = { kabupaten: "", kecamatan: "", desa: "", link: "", provider: "" };

/** The narrowest that was chosen; null: nothing was. */
export function reachOf(places: Places): Pick<NewExclusion, "scope" | "value"> | null {
  if (places.link) return { scope: "link", value: Number(places.link) };
  for (const scope of ["desa", "kecamatan", "kabupaten", "provider"] as const)
    if (places[scope]) return { scope, value: places[scope] };
  return null;
}

export function ScopeFields(props: {
  session: Session;
  places: Places;
  set: (places: Places) => void;
}) {
  const { session, places, set } = props;
  const w = useWords(words);
  const common = useCommon();
  const { links, loads } = useLive();
  const inKabupaten = useMemo(
    () => links.filter((one) => one.kabupaten === places.kabupaten),
    [loads, places.kabupaten],
  );
  const inKecamatan = inKabupaten.filter((one) => one.kecamatan === places.kecamatan);
  const inDesa = inKecamatan.filter((one) => one.desa === places.desa);
  const kabupaten = useMemo(
    () => options(links, (one) => [one.kabupaten, properName(one.kabupaten_name ?? one.kabupaten)]),
    [loads],
  );
  const providers = useMemo(() => options(links, (one) => [one.provider, one.provider]), [loads]);

  return (
    <>
      <Select
        label={w.scopes["kabupaten"] ?? ""}
        value={places.kabupaten}
        items={kabupaten}
        all="–"
        choose={(value) => set({ ...nowhere, kabupaten: value })}
      />
      {places.kabupaten && (
        <Select
          label={w.scopes["kecamatan"] ?? ""}
          value={places.kecamatan}
          items={options(inKabupaten, (one) => [
            one.kecamatan,
            properName(one.kecamatan_name ?? one.kecamatan),
          ])}
          all={w.whole}
          choose={(value) => set({ ...nowhere, kabupaten: places.kabupaten, kecamatan: value })}
        />
      )}
      {places.kecamatan && (
        <Select
          label={w.scopes["desa"] ?? ""}
          value={places.desa}
          items={options(inKecamatan, (one) => [one.desa, desaName(one)])}
          all={w.whole}
          choose={(value) => set({ ...places, desa: value, link: "" })}
        />
      )}
      {places.desa && (
        <Select
          label={w.scopes["link"] ?? ""}
          value={places.link}
          items={inDesa.map((one) => [String(one.link), `${one.link} · ${one.provider}`])}
          all={w.whole}
          choose={(value) => set({ ...places, link: value })}
        />
      )}
      {session.role !== "officer" && !places.kabupaten && (
        <Select
          label={common.provider}
          value={places.provider}
          items={providers}
          all="–"
          choose={(value) => set({ ...nowhere, provider: value })}
        />
      )}
    </>
  );
}
