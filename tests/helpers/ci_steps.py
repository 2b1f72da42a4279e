#!/usr/bin/env python3
"""Runs the jobs of a CI file as its service would, as far as a machine without that service can.

    ci_steps.py github FILE [--event EVENT] [--context JSON] [--set NAME=VALUE]… [--only JOB]
    ci_steps.py gitlab FILE [--set NAME=VALUE]… [--only JOB]
    ci_steps.py steps  FILE FOLDER      each script of the file as FOLDER/NAME.bash, for shellcheck

The working folder is the repository. Actions that move files (cache, artefacts) move them to and from $CI_STORE; setup actions
and checkout do nothing. Prints `JOB: ok|failed|skipped`; exit status 1 when a job failed. Where the file says something that is
not known here, that is an error: what was not understood was not tested.
"""
import argparse, glob, json, os, re, shutil, subprocess, sys, tempfile
import yaml


class Loader(yaml.SafeLoader):
    """`on:` is a word, as in the services' own readers."""


Loader.yaml_implicit_resolvers = {
    key: [(tag, expression) for tag, expression in rows if tag != "tag:yaml.org,2002:bool"]
    for key, rows in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(true|false)$"), list("tf"))


def fail(text):
    sys.exit("ci_steps: " + text)


def load(path):
    with open(path, encoding="utf-8") as file:
        return yaml.load(file, Loader)


def store(*parts):
    return os.path.join(os.environ["CI_STORE"], *parts)


def copy_paths(patterns, to):
    kept = []
    for pattern in patterns:
        for path in sorted(glob.glob(os.path.expanduser(pattern.rstrip("/")), include_hidden=True) if sys.version_info >= (3, 11) else glob.glob(pattern.rstrip("/"))):
            target = os.path.join(to, os.path.relpath(path))
            os.makedirs(os.path.dirname(target) or ".", exist_ok=True)
            if os.path.isdir(path):
                shutil.copytree(path, target, dirs_exist_ok=True)
            else:
                shutil.copy(path, target)
            kept.append(path)
    return kept


# ---- GitHub ----------------------------------------------------------------------------------------------------------------


class Expressions:
    """The expressions that the templates use: names with dots, texts, == != && || ! and two functions."""

    def __init__(self, context, failed=False):
        self.context, self.failed = context, failed

    def value(self, text):
        tokens = re.findall(r"'(?:[^']|'')*'|==|!=|&&|\|\||[!()]|[A-Za-z_][\w.-]*", text)
        if "".join(tokens) != re.sub(r"\s+(?=(?:[^']*'[^']*')*[^']*$)", "", text):
            fail("cannot read the expression " + text)
        self.tokens = tokens
        found = self.either()
        if self.tokens:
            fail("cannot read the expression " + text)
        return found

    def next(self, *wanted):
        return self.tokens.pop(0) if self.tokens and self.tokens[0] in wanted else None

    def either(self):
        left = self.both()
        while self.next("||"):
            right = self.both()
            left = left or right
        return left

    def both(self):
        left = self.equal()
        while self.next("&&"):
            right = self.equal()
            left = left and right
        return left

    def equal(self):
        left = self.unit()
        sign = self.next("==", "!=")
        return left if not sign else (left == self.unit()) == (sign == "==")

    def unit(self):
        if self.next("!"):
            return not self.unit()
        word = self.tokens.pop(0)
        if word == "(":
            inner = self.either()
            self.next(")")
            return inner
        if word[0] == "'":
            return word[1:-1].replace("''", "'")
        if self.next("("):
            self.next(")")
            return {"always": True, "cancelled": False, "success": not self.failed, "failure": self.failed}[word]
        at = self.context
        for part in word.split("."):
            at = at.get(part, "") if isinstance(at, dict) else ""
        return at

    def text(self, value):
        shown = lambda v: "true" if v is True else "false" if v is False else str(v)
        return re.sub(r"\$\{\{(.*?)\}\}(?!')", lambda m: shown(self.value(m.group(1).strip())), str(value))

    def holds(self, condition):
        condition = str(condition)
        if condition.startswith("${{"):
            condition = condition[3:-2].strip()
        implied = "" if re.search(r"\b(always|cancelled|failure|success)\(", condition) else "success() && "
        return bool(self.value(implied + "(" + condition + ")" if condition else "success()"))


class GitHub:
    def __init__(self, path, given):
        self.file, self.given = load(path), dict(word.split("=", 1) for word in given.set)
        self.context = json.loads(given.context or "{}")
        github = self.context.setdefault("github", {})
        github.setdefault("event_name", given.event)
        github.setdefault("run_id", os.environ.get("CI_RUN", "1"))
        github.setdefault("run_attempt", "1")
        github.setdefault("token", "the-token")
        self.context.setdefault("runner", {"os": "Linux"})
        self.results = {}

    def environment(self, scopes):
        made = {}
        for scope in scopes:
            for name, value in (scope or {}).items():
                made[name] = self.given.get(name, self.expressions().text(value))
                self.context["env"] = {**self.context.get("env", {}), name: made[name]}
        return made

    def expressions(self):
        return Expressions(self.context, self.failed)

    def run_job(self, name, job):
        self.failed, self.context["steps"], self.context["env"] = False, {}, {}
        needs = job.get("needs", [])
        needs = [needs] if isinstance(needs, str) else needs
        if any(self.results.get(need) != "ok" for need in needs) or not self.expressions().holds(job.get("if", "")):
            return "skipped"
        base = self.environment([self.file.get("env"), job.get("env")])
        self.paths = []
        folder = (self.file.get("defaults") or {}).get("run", {}).get("working-directory", ".")
        for step in job["steps"]:
            self.run_step(step, base, folder)
        return "failed" if self.failed else "ok"

    def run_step(self, step, base, folder):
        if not self.expressions().holds(step.get("if", "")):
            return
        environment = {**base, **self.environment([step.get("env")])}
        good = self.run_script(step, environment, folder) if "run" in step else self.use(step, base)
        if not good and not step.get("continue-on-error"):
            self.failed = True
            print("  failed: " + step.get("name", step.get("uses", "?")))

    def run_script(self, step, environment, folder):
        script = step["run"].replace("${{ '${{' }}", "\0")
        if "${{" in script:
            fail("an expression in a script: " + step.get("name", "?"))
        with tempfile.TemporaryDirectory() as scratch:
            files = {n: os.path.join(scratch, n) for n in ("GITHUB_OUTPUT", "GITHUB_PATH", "GITHUB_ENV")}
            for path in files.values():
                open(path, "w").close()
            with open(os.path.join(scratch, "step"), "w", encoding="utf-8") as file:
                file.write(script.replace("\0", "${{"))
            everything = {**os.environ, "GITHUB_WORKSPACE": os.getcwd(), **files, **environment, "CI": "true", "GITHUB_ACTIONS": "true"}
            everything["PATH"] = ":".join(self.paths + [everything["PATH"]])
            command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", os.path.join(scratch, "step")]
            with open(store("log"), "a", encoding="utf-8") as log:
                log.write("== " + step.get("name", "?") + "\n")
                log.flush()
                status = subprocess.run(command, env=everything, cwd=folder, stdout=log, stderr=log, check=False).returncode
            outputs = dict(line.split("=", 1) for line in open(files["GITHUB_OUTPUT"], encoding="utf-8").read().splitlines())
            self.paths = open(files["GITHUB_PATH"], encoding="utf-8").read().splitlines() + self.paths
        if "id" in step:
            self.context["steps"][step["id"]] = {"outputs": outputs}
        return status == 0

    def use(self, step, base):
        uses = step["uses"]
        given = {k: self.expressions().text(v) for k, v in (step.get("with") or {}).items()}
        paths = [path.strip() for path in given.get("path", "").splitlines()]
        if uses.startswith("./"):
            return self.composite(load(os.path.join(uses, "action.yml")), given, base)
        action = re.fullmatch(r"(actions/[a-z-]+(?:/[a-z]+)?)@v\d+", uses)
        if not action:
            fail("an action that is not pinned to a major version: " + uses)
        action = action.group(1)
        if action == "actions/cache" or action == "actions/cache/restore":
            hit = given["key"] if os.path.isdir(store("cache", given["key"])) else None
            keys = sorted(k for k in (os.listdir(store("cache")) if os.path.isdir(store("cache")) else [])
                          if given.get("restore-keys") and k.startswith(given["restore-keys"]))
            if hit or keys:
                shutil.copytree(store("cache", hit or keys[-1]), ".", dirs_exist_ok=True)
            self.context["steps"][step.get("id", "")] = {"outputs": {"cache-hit": "true" if hit else ""}}
            return True
        if action == "actions/cache/save":
            copy_paths(paths, store("cache", given["key"]))
            return True
        if action == "actions/upload-artifact":
            if not re.fullmatch(r'[^":<>|*?\r\n\\/]+', given["name"]):
                fail("no name of an artefact: " + given["name"])
            to = store("artifacts", given["name"])
            # The service takes away what all paths have in common: a single folder's own name.
            alone = len(paths) == 1 and os.path.isdir(paths[0])
            if alone:
                shutil.copytree(paths[0], to, dirs_exist_ok=True)
            else:
                copy_paths(paths, to)
            return True
        if action == "actions/download-artifact":
            if not os.path.isdir(store("artifacts", given["name"])):
                return False
            shutil.copytree(store("artifacts", given["name"]), given["path"], dirs_exist_ok=True, symlinks=True)
            return True
        return action == "actions/checkout" or action.startswith("actions/setup-") or fail("unknown action " + uses)

    def composite(self, action, given, base):
        outer, failed = {k: self.context.get(k) for k in ("steps", "inputs")}, self.failed
        declared = {k: v.get("default", "") for k, v in (action.get("inputs") or {}).items()}
        if set(given) - set(declared):
            fail("an input that the action has not: %s" % (set(given) - set(declared)))
        self.context["steps"], self.context["inputs"] = {}, {**declared, **{k: v for k, v in given.items()}}
        for step in action["runs"]["steps"]:
            if "run" in step and "shell" not in step:
                fail("a step of an action needs its shell: " + step.get("name", "?"))
            self.run_step(step, base, ".")
        good = not self.failed
        self.context.update(outer)
        self.failed = failed
        return good

    def jobs(self):
        return self.file["jobs"]


# ---- GitLab ----------------------------------------------------------------------------------------------------------------


class GitLab:
    GLOBAL = {"variables", "include", "stages", "default", "workflow"}

    def __init__(self, path, given):
        self.file, self.given = load(path), dict(word.split("=", 1) for word in given.set)
        self.results = {}

    def jobs(self):
        return {k: v for k, v in self.file.items() if k not in self.GLOBAL and not k.startswith(".")}

    def merged(self, job):
        if "extends" not in job:
            return job
        base = self.merged(self.file[job["extends"]])
        made = {**base, **job}
        made["variables"] = {**base.get("variables", {}), **job.get("variables", {})}
        return made

    def rule_holds(self, rule, environment):
        for part in rule.get("if", "").split("&&"):
            match = re.fullmatch(r'\s*\$(\w+)(?:\s*(==|=~)\s*("[^"]*"|/.*/|\$\w+))?\s*', part)
            if not match:
                fail("cannot read the rule " + part)
            value, sign, wanted = environment.get(match.group(1), ""), match.group(2), match.group(3)
            if wanted and wanted[0] == "$":
                wanted = '"' + environment.get(wanted[1:], "") + '"'
            good = bool(value) if not sign else value == wanted[1:-1] if sign == "==" else re.search(wanted[1:-1], value)
            if not good:
                return False
        return True

    def run_job(self, name, job):
        job = self.merged(job)
        variables = {**self.file.get("variables", {}), **job.get("variables", {})}
        environment = {**{k: str(v) for k, v in variables.items()}, **self.given}
        rule = next((r for r in job.get("rules", []) if self.rule_holds(r, {**os.environ, **environment})), None)
        if job.get("rules") and rule is None:
            return None
        needs = [n["job"] if isinstance(n, dict) else n for n in job.get("needs", [])]
        if (rule or {}).get("when") != "always" and any(self.results.get(n) not in ("ok",) for n in needs):
            return "skipped"
        caches = job.get("cache", [])
        for cache in caches:
            if os.path.isdir(store("cache", cache["key"])):
                shutil.copytree(store("cache", cache["key"]), ".", dirs_exist_ok=True)
        script = "\n".join(job.get("before_script", []) + job["script"]) + "\n"
        with open(store("log"), "a", encoding="utf-8") as log:
            log.write("== " + name + "\n")
            log.flush()
            status = subprocess.run(["bash", "-eo", "pipefail", "-c", script], stdout=log, stderr=log, check=False,
                                    env={**os.environ, **environment, "CI": "true", "GITLAB_CI": "true"}).returncode
        for cache in caches:
            if status == 0 or cache.get("when") == "always":
                copy_paths(cache["paths"], store("cache", cache["key"]))
        artifacts = job.get("artifacts", {})
        if status == 0 or artifacts.get("when") == "always":
            copy_paths(artifacts.get("paths", []), store("artifacts", name.replace(":", "-")))
            junit = artifacts.get("reports", {}).get("junit")
            if junit and os.path.exists(junit):
                copy_paths([junit], store("reports", name.replace(":", "-")))
        return "ok" if status == 0 else "failed"


def scripts(path):
    """(name, text) of every script in a file of either kind."""
    file = load(path)
    if "runs" in file or "jobs" in file:
        lists = {"action": file["runs"]["steps"]} if "runs" in file else {n: j["steps"] for n, j in file["jobs"].items()}
        for job, steps in lists.items():
            for number, step in enumerate(steps):
                if "run" in step:
                    text = step["run"].replace("${{ '${{' }}", "$")
                    if "${{" in text:
                        fail("an expression in a script of " + path)
                    yield "%s-%d" % (job, number), text
        return
    for name, job in file.items():
        if isinstance(job, dict) and ("script" in job or "before_script" in job):
            yield name.replace(":", "-").strip("."), "\n".join(job.get("before_script", []) + job.get("script", []))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("service", choices=("github", "gitlab", "steps"))
    parser.add_argument("file")
    parser.add_argument("folder", nargs="?")
    parser.add_argument("--event", default="push")
    parser.add_argument("--context")
    parser.add_argument("--set", action="append", default=[])
    parser.add_argument("--only")
    given = parser.parse_args()
    if given.service == "steps":
        for name, text in scripts(given.file):
            with open(os.path.join(given.folder, os.path.basename(given.file) + "-" + name + ".bash"), "w", encoding="utf-8") as out:
                out.write("#!/bin/bash\nset -eo pipefail\n" + text + "\n")
        return 0
    os.makedirs(store(), exist_ok=True)
    ci = (GitHub if given.service == "github" else GitLab)(given.file, given)
    for name, job in ci.jobs().items():
        if given.only and name != given.only:
            continue
        ci.failed = False
        outcome = ci.run_job(name, job)
        if outcome:
            ci.results[name] = outcome
            print(name + ": " + outcome)
    return 1 if "failed" in ci.results.values() else 0


sys.exit(main())
