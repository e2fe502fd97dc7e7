import { readFileSync } from "node:fs";
import { URL } from "node:url";
import eslint from "@eslint/js";
import { createNodeResolver, importX } from "eslint-plugin-import-x";
import tseslint from "typescript-eslint";

const providers = { group: ["@pulumi/*", "!@pulumi/pulumi"], message: "Only resources/ declares resources." };
/** Any other dependency is the client of a backend. */
const libraries = ["@balena/dockerignore", "ipaddr.js", "p-limit"];
const { dependencies } = JSON.parse(readFileSync(new URL("package.json", import.meta.url), "utf8"));
const clients = {
    group: [...Object.keys(dependencies).filter((name) => !libraries.includes(name)), "**/dockerode"],
    message: "Only runtime/ talks to a daemon or an API server.",
};
const rooms = {
    group: ["**/resources/**", "**/runtime/**"],
    message: "What both need belongs in the backend's own folder.",
};

/** Files that may not import these; types are no exception. */
function boundary(files, ...patterns) {
    return { files, rules: { "@typescript-eslint/no-restricted-imports": ["error", { patterns }] } };
}

export default tseslint.config(
    { ignores: ["bin/", "test/.program/", "test/.coverage/", "node_modules/", ".state/"] },
    eslint.configs.recommended,
    {
        files: ["**/*.ts"],
        extends: [...tseslint.configs.recommendedTypeChecked],
        languageOptions: { parserOptions: { projectService: true } },
        rules: {
            "@typescript-eslint/no-floating-promises": "error",
            "@typescript-eslint/no-non-null-assertion": "off",
            "@typescript-eslint/prefer-promise-reject-errors": "off",
            "max-lines": ["error", 300],
        },
    },
    {
        files: ["components/**/*.ts"],
        plugins: { "import-x": importX },
        settings: {
            "import-x/resolver-next": [createNodeResolver({ extensions: [".ts", ".js"] })],
            "import-x/extensions": [".ts"],
            "import-x/parsers": { "@typescript-eslint/parser": [".ts"] },
        },
        rules: {
            "import-x/no-cycle": "error",
            "no-restricted-syntax": [
                "error",
                {
                    selector: "ImportDeclaration[importKind='type'][source.value=/^\\.(?!.*dockerode$)/]",
                    message: "Import without `type`: no-cycle does not see a circle of type imports.",
                },
            ],
            "max-params": ["error", 4],
        },
    },
    boundary(["components/*.ts", "components/{model,project,validation,observing}/**/*.ts"], providers, clients, rooms),
    {
        ...boundary(["components/!(model|project|validation|observing|program)/*.ts"], providers, clients, rooms),
        ignores: ["components/*/{backend,ground,dockerode,options}.ts"],
    },
    boundary(["components/*/options.ts"], clients, rooms),
    boundary(["components/*/resources/**/*.ts"], clients, { ...rooms, group: ["**/runtime/**"] }),
    boundary(["components/*/runtime/**/*.ts"], providers, { ...rooms, group: ["**/resources/**"] }),
    {
        files: ["test/**/*.ts"],
        rules: {
            // Resources, states and events of Pulumi and Docker come as untyped JSON.
            "@typescript-eslint/no-explicit-any": "off",
            "@typescript-eslint/no-unsafe-assignment": "off",
            "@typescript-eslint/no-unsafe-member-access": "off",
            "@typescript-eslint/no-unsafe-argument": "off",
            "@typescript-eslint/no-unsafe-call": "off",
            "@typescript-eslint/no-unsafe-return": "off",
        },
    },
    {
        files: ["**/*.cjs"],
        languageOptions: { globals: { require: "readonly", module: "writable", console: "readonly" } },
    },
);
