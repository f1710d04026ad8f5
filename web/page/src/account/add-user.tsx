// SPDX-License-Identifier: Apache-2.0
import { useMemo, useState } from "preact/hooks";

import { addUser } from "../api/users";
import type { Made, NewUser } from "../api/users";
import { useLive } from "../live/context";
import { properName } from "../parts/format";
import { useCommon, useWords } from "../parts/language";
import { Select } from "../parts/select";
import { options } from "../wall/choice";
import { words } from "./words";

export function AddUser(props: { act: (change: () => Promise<Made | null>) => void }) {
  const w = useWords(words);
  const common = useCommon();
  const { links, loads } = useLive();
  const [name, setName] = useState("");
  const [role, setRole] = useState("officer");
  const [scope, setScope] = useState("");
  const places = useMemo(
    () => ({
      officer: options(links, (one) => [
        one.kabupaten,
        properName(one.kabupaten_name ?? one.kabupaten),
      ]),
      provider: options(links, (one) => [one.provider, one.provider]),
    }),
    [loads],
  );
  const bound = role === "officer" || role === "provider" ? role : null;

  const submit = (event: Event) => {
    event.preventDefault();
    const user: NewUser = { name: name.trim(), role };
    if (role === "officer") user.kabupaten = scope;
    if (role === "provider") user.provider = scope;
    props.act(() => addUser(user));
    setName("");
  };

  return (
    <form class="card add-user" onSubmit={submit}>
      <h2>{w.add}</h2>
      <div class="fields">
        <label>
          <span>{w.name}</span>
          <input
            required
            autocapitalize="none"
            autocomplete="off"
            spellcheck={false}
            value={name}
            onInput={(event) => setName(event.currentTarget.value)}
          />
        </label>
        <Select
          label={w.role}
          value={role}
          items={Object.entries(w.roles)}
          all={null}
          choose={(value) => {
            setRole(value);
            setScope("");
          }}
        />
        {bound && (
          <Select
            label={bound === "officer" ? common.kabupaten : common.provider}
            value={scope}
            items={places[bound]}
            all={w.choose}
            choose={setScope}
          />
        )}
      </div>
      <p class="soft">{w.roleHints[role]}</p>
      <button type="submit" class="primary" disabled={!name.trim() || (bound !== null && !scope)}>
        {w.add}
      </button>
    </form>
  );
}
