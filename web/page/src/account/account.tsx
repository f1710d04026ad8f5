// SPDX-License-Identifier: Apache-2.0
// Who may log in, for administrators.

import { useCallback, useEffect, useState } from "preact/hooks";

import { fetchUsers, newPassword, removeUser } from "../api/users";
import type { Made, User } from "../api/users";
import { useLive } from "../live/context";
import { properName, wholeTime } from "../parts/format";
import { useCommon, useWords } from "../parts/language";
import { FormProblem } from "../parts/problem";
import { Table } from "../parts/table";
import type { Column } from "../parts/table";
import { AddUser } from "./add-user";
import { words } from "./words";

function PasswordMade(props: { made: Made }) {
  const w = useWords(words);

  return (
    <div class="card made" role="status">
      <p>{w.passwordOf(props.made.name)}</p>
      <p class="made-password">{props.made.password}</p>
      <p class="soft">{w.once}</p>
    </div>
  );
}

function Actions(props: { user: User; act: (change: () => Promise<Made | null | void>) => void }) {
  const { user, act } = props;
  const w = useWords(words);
  const [asked, ask] = useState(false);

  if (user.removed) return <>{w.removed}</>;
  if (!asked) {
    return (
      <>
        <button type="button" onClick={() => act(() => newPassword(user.name))}>
          {w.newPassword}
        </button>{" "}
        <button type="button" onClick={() => ask(true)}>
          {w.remove}
        </button>
      </>
    );
  }
  return (
    <>
      <button type="button" class="primary" onClick={() => act(() => removeUser(user.name))}>
        {w.sure}
      </button>{" "}
      <button type="button" onClick={() => ask(false)}>
        {w.keep}
      </button>
    </>
  );
}

function UserTable(props: {
  users: User[];
  act: (change: () => Promise<Made | null | void>) => void;
}) {
  const w = useWords(words);
  const common = useCommon();
  const { links } = useLive();
  const scopeOf = (user: User) => {
    if (user.provider) return user.provider;
    if (!user.kabupaten) return w.everything;
    const link = links.find((one) => one.kabupaten === user.kabupaten);
    return properName(link?.kabupaten_name ?? user.kabupaten);
  };

  const columns: Column<User>[] = [
    {
      name: w.columns.name,
      head: true,
      cell: (user) => <span class="desa">{user.name}</span>,
    },
    {
      name: w.columns.role,
      cell: (user) => (
        <>
          {w.roles[user.role]}
          <span class="under">{w.roleHints[user.role]}</span>
        </>
      ),
    },
    { name: w.columns.scope, cell: scopeOf },
    { name: w.columns.created, cell: (user) => wholeTime(user.created, "WITA", common) },
    {
      name: w.columns.actions,
      class: "actions",
      cell: (user) => <Actions user={user} act={props.act} />,
    },
  ];

  return (
    <Table
      caption={w.title}
      columns={columns}
      rows={props.users}
      rowKey={(user) => user.name}
      rowClass={(user) => (user.removed ? "soft" : "")}
    />
  );
}

export function AccountView() {
  const w = useWords(words);
  const common = useCommon();
  const [users, setUsers] = useState<User[] | null>(null);
  const [made, setMade] = useState<Made | null>(null);
  const [problem, setProblem] = useState<unknown>(null);

  const act = useCallback(async (change: () => Promise<Made | null | void>) => {
    setProblem(null);
    try {
      setMade((await change()) ?? null);
      setUsers(await fetchUsers());
    } catch (error) {
      setProblem(error);
    }
  }, []);
  useEffect(() => void act(async () => null), []);

  return (
    <section class="accounts">
      <h1>{w.title}</h1>
      <FormProblem of={problem} />
      {made?.password && <PasswordMade made={made} />}
      <AddUser act={(change) => void act(change)} />
      {users ? (
        <UserTable users={users} act={(change) => void act(change)} />
      ) : (
        <p class="message">{common.loading}</p>
      )}
    </section>
  );
}
