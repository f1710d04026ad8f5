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
export const ownPath = "/akun";
export const decidePath = "/keputusan";
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
    path: "/perbandingan",
    title: { id: "Perbandingan", en: "Comparison" },
    roles: all,
    menu: true,
    load: () => import("../compare/compare").then((m) => m.CompareView),
  },
  {
    path: "/sambungan/:id",
    title: { id: "Sambungan", en: "Link" },
    roles: all,
    menu: false,
    load: () => import("../link/link").then((m) => m.LinkView),
  },
  {
    path: decidePath,
    title: { id: "Keputusan", en: "Decisions" },
    roles: staff,
    menu: true,
    load: () => import("../decide/decide").then((m) => m.DecideView),
  },
  {
    path: "/penyedia",
    title: { id: "Penyedia", en: "Provider" },
    roles: all,
    menu: true,
    load: () => import("../provider/provider").then((m) => m.ProviderView),
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
  {
    path: ownPath,
    title: { id: "Akun saya", en: "My account" },
    roles: all,
    menu: false,
    load: () => import("../account/own").then((m) => m.OwnView),
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

/** Where somebody lands who asked for nothing else: where their work is. */
export function homeOf(role: Role): string {
  if (role === "officer") return decidePath;
  return role === "provider" ? "/penyedia" : "/dinding";
}
