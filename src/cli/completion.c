/*
 * Shell completion from the cards: commands, verbs, options, the choices of an option; files where
 * a file is meant.
 */
#include "cli/help.h"

#include "cli/options.h"

#include <string.h>

static void words_of_options(struct pfl_buf *out, const struct pfl_option *option)
{
    for (; option && option->name; option++) {
        if (option->hidden)
            continue;
        pfl_buf_format(out, "%s ", option->name);
        if (option->letter)
            pfl_buf_format(out, "-%c ", option->letter);
    }
}

static void words_of_commands(struct pfl_buf *out)
{
    size_t i;

    for (i = 0; pfl_commands[i]; i++)
        pfl_buf_format(out, "%s ", pfl_commands[i]->name);
}

static void bash_choices(struct pfl_buf *out, const char *command, const struct pfl_option *option)
{
    for (; option && option->name; option++)
        if (option->kind == PFL_OPTION_CHOICE)
            pfl_buf_format(
                out, "        %s:%s) COMPREPLY=($(compgen -W '%s' -- \"$word\")); return ;;\n",
                command, option->name, option->choices);
}

static void bash(struct pfl_buf *out)
{
    size_t i;

    pfl_buf_text(
        out,
        "# bash completion for perfledger, made by `perfledger completion bash`\n"
        "_perfledger() {\n"
        "    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} command= i\n"
        "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
        "        case ${COMP_WORDS[i]} in\n"
        "        -C|--directory|--config|--ledger|--color) ((i++)) ;;\n"
        "        -*) ;;\n"
        "        *) command=${COMP_WORDS[i]}; break ;;\n"
        "        esac\n"
        "    done\n"
        "    case $command:$before in\n");
    bash_choices(out, "*", pfl_global_options);
    for (i = 0; pfl_commands[i]; i++)
        bash_choices(out, pfl_commands[i]->name, pfl_commands[i]->options);
    pfl_buf_text(out, "    esac\n    case $command in\n    '') words='");
    words_of_commands(out);
    words_of_options(out, pfl_global_options);
    pfl_buf_text(out, "' ;;\n");
    for (i = 0; pfl_commands[i]; i++) {
        pfl_buf_format(out, "    %s) words='%s ", pfl_commands[i]->name,
                       pfl_commands[i]->verbs ? pfl_commands[i]->verbs : "");
        words_of_options(out, pfl_commands[i]->options);
        words_of_options(out, pfl_global_options);
        pfl_buf_text(out, "' ;;\n");
    }
    pfl_buf_text(out, "    *) words= ;;\n    esac\n"
                      "    COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n"
                      "}\n"
                      "complete -o default -F _perfledger perfledger\n");
}

/* A text inside zsh's or fish's single quotes. */
static void quoted(struct pfl_buf *out, const char *text, const char *escape)
{
    for (; *text; text++) {
        if (*text == '\'')
            pfl_buf_text(out, escape);
        else if (strchr("[]:", *text) && *escape == '\'')
            pfl_buf_format(out, "\\%c", *text);
        else
            pfl_buf_char(out, *text);
    }
}

static void zsh_options(struct pfl_buf *out, const struct pfl_option *option)
{
    for (; option && option->name; option++) {
        if (option->hidden)
            continue;
        pfl_buf_format(out, " \\\n            '%s[", option->name);
        quoted(out, option->summary, "'\\''");
        pfl_buf_char(out, ']');
        if (option->kind == PFL_OPTION_CHOICE)
            pfl_buf_format(out, ":value:(%s)", option->choices);
        else if (option->kind != PFL_OPTION_FLAG)
            pfl_buf_text(out, option->choices && strcmp(option->choices, "file") == 0
                                  ? ":file:_files"
                                  : ":value:");
        pfl_buf_char(out, '\'');
    }
}

static void zsh(struct pfl_buf *out)
{
    size_t i;

    pfl_buf_text(out, "#compdef perfledger\n# zsh completion for perfledger, made by `perfledger "
                      "completion zsh`\n"
                      "_perfledger() {\n    local -a commands\n    commands=(\n");
    for (i = 0; pfl_commands[i]; i++) {
        pfl_buf_format(out, "        '%s:", pfl_commands[i]->name);
        quoted(out, pfl_commands[i]->summary, "'\\''");
        pfl_buf_text(out, "'\n");
    }
    pfl_buf_text(out, "    )\n    if (( CURRENT == 2 )); then\n        _describe command "
                      "commands\n        return\n    fi\n"
                      "    case $words[2] in\n");
    for (i = 0; pfl_commands[i]; i++) {
        pfl_buf_format(out, "    %s)\n        _arguments", pfl_commands[i]->name);
        zsh_options(out, pfl_commands[i]->options);
        zsh_options(out, pfl_global_options);
        if (pfl_commands[i]->verbs)
            pfl_buf_format(out, " \\\n            '2:verb:(%s)'", pfl_commands[i]->verbs);
        pfl_buf_text(out, " \\\n            '*:file:_files'\n        ;;\n");
    }
    pfl_buf_text(out, "    esac\n}\n_perfledger \"$@\"\n");
}

static void fish_options(struct pfl_buf *out, const char *command, const struct pfl_option *option)
{
    for (; option && option->name; option++) {
        if (option->hidden)
            continue;
        pfl_buf_text(out, "complete -c perfledger");
        if (command)
            pfl_buf_format(out, " -n '__fish_seen_subcommand_from %s'", command);
        pfl_buf_format(out, " -l %s", option->name + 2);
        if (option->letter)
            pfl_buf_format(out, " -s %c", option->letter);
        if (option->kind != PFL_OPTION_FLAG)
            pfl_buf_text(out, " -r");
        if (option->kind == PFL_OPTION_CHOICE)
            pfl_buf_format(out, " -f -a '%s'", option->choices);
        pfl_buf_text(out, " -d '");
        quoted(out, option->summary, "\\'");
        pfl_buf_text(out, "'\n");
    }
}

static void fish(struct pfl_buf *out)
{
    size_t i;

    pfl_buf_text(out, "# fish completion for perfledger, made by `perfledger completion fish`\n");
    for (i = 0; pfl_commands[i]; i++) {
        pfl_buf_format(out, "complete -c perfledger -n __fish_use_subcommand -a %s -d '",
                       pfl_commands[i]->name);
        quoted(out, pfl_commands[i]->summary, "\\'");
        pfl_buf_text(out, "'\n");
        if (pfl_commands[i]->verbs)
            pfl_buf_format(out,
                           "complete -c perfledger -n '__fish_seen_subcommand_from %s' -a '%s'\n",
                           pfl_commands[i]->name, pfl_commands[i]->verbs);
        fish_options(out, pfl_commands[i]->name, pfl_commands[i]->options);
    }
    fish_options(out, NULL, pfl_global_options);
}

bool pfl_completion_write(const char *shell, struct pfl_buf *out)
{
    if (strcmp(shell, "bash") == 0)
        bash(out);
    else if (strcmp(shell, "zsh") == 0)
        zsh(out);
    else if (strcmp(shell, "fish") == 0)
        fish(out);
    else
        return false;
    return true;
}
