// SPDX-License-Identifier: Apache-2.0
// Every view of the page, a row each. The menu shows those that have a place in it and that the
// role may see. A view is loaded when it is first opened; the wall comes with the page.

import type { ComponentType } from "preact";

import type { Role, Session } from "../api/session";
import type { Language } from "../parts/language";
import { Wall } from "../wall/wall";
import { match } from "./router";

export interface ViewProps {
  session: Session;
  params: Record<string, string>; // of the path
  query: URLSearchParams;
}

export type View = ComponentType<ViewProps>;

export interface Route {
  path: string; // "/sambungan/:id"
  title: Record<Language, string>;
  roles: Role[];
  menu: boolean;
  load: () => Promise<View>;
}

const all: Role[] = ["admin", "noc", "officer", "provider"];
const staff: Role[] = ["admin", "noc", "officer"];

export const routes: Route[] = [
  {
    path: "/dinding",
    title: { id: "Dinding", en: "Wall" },
    roles: all,
    menu: true,
    load: () => Promise.resolve(Wall),
  },
  {
    path: "/peta",
    title: { id: "Peta", en: "Map" },
    roles: all,
    menu: true,
    load: () => import("../map/map").then((m) => m.MapView),
  },
  {
    path: "/gangguan",
    title: { id: "Gangguan", en: "Incidents" },
    roles: all,
    menu: true,
    load: () => import("../outages/outages").then((m) => m.OutagesView),
  },
  {
    path: "/sambungan/:id",
    title: { id: "Sambungan", en: "Link" },
    roles: all,
    menu: false,
    load: () => import("../link/link").then((m) => m.LinkView),
  },
  {
    path: "/laporan",
    title: { id: "Laporan", en: "Reports" },
    roles: staff,
    menu: true,
    load: () => import("../report/report").then((m) => m.ReportView),
  },
  {
    path: "/pengguna",
    title: { id: "Pengguna", en: "Users" },
    roles: ["admin"],
    menu: true,
    load: () => import("../account/account").then((m) => m.AccountView),
  },
];

export function routeOf(path: string): { route: Route; params: Record<string, string> } | null {
  for (const route of routes) {
    const params = match(route.path, path);
    if (params) return { route, params };
  }
  return null;
}

export const loginPath = "/masuk";

/** Where somebody lands who asked for nothing else: an officer's work is the report. */
export function homeOf(role: Role): string {
  return role === "officer" ? "/laporan" : "/dinding";
}
