import { DistributedSession } from "./components";
import { readConfiguration } from "./configuration";

const { name, args } = readConfiguration();
const session = new DistributedSession(name, args);

export const masterIp = session.masterIp;
export const master = session.master;
export const workers = session.workers;
export const network = session.network;
export const endpoints = session.endpoints;
