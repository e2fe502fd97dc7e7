import assert from "node:assert/strict";
import { backendEnvironment } from "../../../toolchain/backend";
import { folderWith, removeFolders } from "../../helpers/folders";

/** The backend for an environment in which Pulumi's folder holds these credentials. */
function backendFor(env: NodeJS.ProcessEnv, credentials?: object): NodeJS.ProcessEnv {
    const files: Record<string, string> =
        credentials === undefined ? {} : { "credentials.json": JSON.stringify(credentials) };
    return backendEnvironment({ PULUMI_HOME: folderWith(files), ...env });
}

describe("the backend of the state", () => {
    after(removeFolders);

    it("is a folder of the project, with an empty passphrase, where the user has chosen none", () => {
        for (const environment of [backendFor({}), backendFor({ PULUMI_ACCESS_TOKEN: "" }), backendFor({}, {})]) {
            assert.match(environment.PULUMI_BACKEND_URL ?? "", /^file:\/\/.*\/\.state$/);
            assert.equal(environment.PULUMI_CONFIG_PASSPHRASE, "");
        }
    });

    it("keeps the passphrase of the user", () => {
        assert.deepEqual(Object.keys(backendFor({ PULUMI_CONFIG_PASSPHRASE: "mine" })), ["PULUMI_BACKEND_URL"]);
        assert.deepEqual(Object.keys(backendFor({ PULUMI_CONFIG_PASSPHRASE_FILE: "/f" })), ["PULUMI_BACKEND_URL"]);
    });

    it("is the user's where a variable names one", () => {
        assert.deepEqual(backendFor({ PULUMI_BACKEND_URL: "s3://bucket" }), {});
    });

    it("is the user's after a login", () => {
        assert.deepEqual(backendFor({}, { current: "https://api.pulumi.com" }), {});
    });

    it("is the user's where an access token is the login", () => {
        assert.deepEqual(backendFor({ PULUMI_ACCESS_TOKEN: "pul-0123" }), {});
    });
});
