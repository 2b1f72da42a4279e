# amalgamate.awk: libperfledger as one header, to standard output.
#
#   awk -f cmake/amalgamate.awk -v root=SOURCE -v version=X.Y.Z [-v sources="lib/a.c src/stats/b.c …"]
#
# First the public headers, as they are; then, for the one file that defines PFL_IMPLEMENTATION, the sources. Each of our own
# includes is replaced by the file, the first time; includes of the system stay where they are. Comments stay, so that the result can
# be read (and has no #line: a message names the place in the file one has).
#
# Our own functions that are not public (pfl_lib_…, pfl_stats_…, pfl_random_…) become static: whoever compiles this gives his
# program the public names and no others. It is done by the layout that clang-format gives us: what begins in the first column and
# declares or defines such a name is global. A static name that two of our files share is an error of the compiler, here and
# nowhere else; that is meant.
BEGIN {
    # Nouns of perfledger itself: src/stats mentions two of them in declarations of functions that are not compiled in.
    left_out["base/err.h"] = left_out["model/run.h"] = 1
    hidden = "pfl_(lib|stats|random)_[a-z0-9_]+"
    head()
    inline("include/perfledger/perfledger.h")
    print "\n#if defined(PFL_IMPLEMENTATION)"
    before_sources()
    inside = 1
    n = split(sources, list, " ")
    for (i = 1; i <= n; i++)
        note_definitions(list[i])
    for (i = 1; i <= n; i++)
        inline(list[i])
    print "\n#if defined(__GNUC__) && !defined(__clang__)"
    print "#pragma GCC diagnostic pop"
    print "#endif"
    print "#endif /* PFL_IMPLEMENTATION */"
    if (bad)
        exit 1
}

function head()
{
    print "/*"
    print " * libperfledger " version " in one header: micro benchmarks inside C and C++ programs, stages, budgets, accuracy, artefacts."
    print " * Made from include/perfledger, lib and src/stats of perfledger by cmake/amalgamate.awk; change it there."
    print " *"
    print " * Every file that uses it:              #include \"perfledger.h\""
    print " * Exactly one C file of the program:    #define PFL_IMPLEMENTATION"
    print " *                                       #include \"perfledger.h\""
    print " * before any other include; then link with -lm -pthread. C99 with the extensions of gcc or clang, Linux. C++ files may"
    print " * include it, the implementation must be a C file."
    print " * PFL_IMPLEMENTATION_STATIC instead: the program is this one file, and nothing of the library is visible outside it."
    print " */"
    print "#if defined(PFL_IMPLEMENTATION_STATIC) && !defined(PFL_IMPLEMENTATION)"
    print "#define PFL_IMPLEMENTATION"
    print "#endif"
    print "#if defined(PFL_IMPLEMENTATION) && !defined(_GNU_SOURCE)"
    print "#define _GNU_SOURCE"
    print "#endif\n"
}

# What the sources need before they begin. `system_header`: the warnings of whoever compiles this are set for his code.
function before_sources()
{
    print "#if defined(__cplusplus)"
    print "#error \"the implementation of libperfledger is C: put `#define PFL_IMPLEMENTATION` and the include into a .c file of its own\""
    print "#endif"
    print "#if defined(__GLIBC__) && !defined(__USE_GNU)"
    print "#error \"with PFL_IMPLEMENTATION, perfledger.h must be the first include of its file (or compile it with -D_GNU_SOURCE)\""
    print "#endif"
    # A value that is not there is NaN, in comparisons and sums all over: looking at bits in places would not do.
    print "#if defined(__FINITE_MATH_ONLY__) && __FINITE_MATH_ONLY__"
    print "#error \"-ffast-math takes NaN for impossible, and libperfledger needs it: put `#define PFL_IMPLEMENTATION` and the include into a .c file of its own that is compiled without -ffast-math, or add -fno-finite-math-only\""
    print "#endif"
    print "#if defined(__GNUC__) && !defined(PFL_IMPLEMENTATION_WARNINGS)"
    print "#pragma GCC system_header"
    print "#endif"
    print "#if defined(__GNUC__) && !defined(__clang__) /* a message that is cut is meant to be; gcc says it in system headers, too */"
    print "#pragma GCC diagnostic push"
    print "#pragma GCC diagnostic ignored \"-Wformat-truncation\""
    print "#endif"
    print "struct pfl_err;"
    print "struct pfl_summary;"
}

# Where an own include leads: "" for the system's.
function own(line,    name)
{
    if (line !~ /^[ \t]*#[ \t]*include[ \t]+["<]/)
        return ""
    name = line
    sub(/^[ \t]*#[ \t]*include[ \t]+["<]/, "", name)
    sub(/[">].*$/, "", name)
    if (line ~ /</)
        return name ~ /^perfledger\// ? "include/" name : ""
    if (name in left_out)
        return "-"
    return name ~ /\// ? "src/" name : "lib/" name
}

function inline(path,    line, what, comment)
{
    if (path in seen)
        return
    seen[path] = 1
    if ((getline line < (root "/" path)) <= 0) {
        print "amalgamate.awk: cannot read " root "/" path > "/dev/stderr"
        bad = 1
        return
    }
    print "\n/* ==== " path " ==== */"
    do {
        what = own(line)
        if (what == "")
            print inside && !comment ? private_line(line, path) : line
        else if (what != "-")
            inline(what)
        comment = in_comment(line, comment)
    } while ((getline line < (root "/" path)) > 0)
    close(root "/" path)
}

# Does the next line begin inside a comment? (No string of ours holds the signs of one.)
function in_comment(line, before,    last_open, last_close, rest)
{
    last_open = rindex_of(line, "/*")
    last_close = rindex_of(line, "*/")
    if (last_open == 0 && last_close == 0)
        return before
    return last_open > last_close
}

function rindex_of(line, what,    at, place)
{
    place = 0
    while ((at = index(substr(line, place + 1), what)) > 0)
        place += at
    return place
}

# Which of our hidden functions there are: src/stats/stats.h declares more, and a static one without a body is a warning of gcc that
# nothing silences.
function note_definitions(path,    line, name)
{
    while ((getline line < (root "/" path)) > 0) {
        if (is_function(line))
            name = name_of(line)
        if (line ~ /\{/ && name != "")
            defined[name] = 1
        if (line ~ /[{;]/)
            name = ""
    }
    close(root "/" path)
}

function is_function(line)
{
    return line ~ /^[A-Za-z_]/ && line !~ /^(static|typedef|return|PFL_API|PFL_CONSTRUCTOR)[ (]/ &&
        line ~ ("^[A-Za-z_][A-Za-z0-9_ ]*[ *]" hidden "\\(")
}

function is_variable(line)
{
    return line ~ /^[A-Za-z_]/ && line !~ /^(typedef|static|return) / &&
        line ~ ("^[A-Za-z_][A-Za-z0-9_ ]*[ *]" hidden "(\\[[^]]*\\])?( =|;)") && line !~ /^(struct|union|enum) [a-z_]+;/
}

function name_of(line)
{
    match(line, hidden "\\(")
    return substr(line, RSTART, RLENGTH - 1)
}

# A line of the sources as it is printed: `void pfl_lib_x(…` becomes `static void pfl_lib_x(…`, `extern const double pfl_lib_y;`
# `static const double pfl_lib_y;`. A declaration in src/ of what is not defined is left out, up to its semicolon.
function private_line(line, path)
{
    if (leaving || (path ~ /^src\// && is_function(line) && !(name_of(line) in defined))) {
        leaving = line !~ /;/
        if (leaving)
            return ""
        sub(/^[^;]*;/, "", line)
        return line
    }
    if (is_variable(line) || is_function(line)) {
        sub(/^extern /, "", line)
        return "static PFL_UNUSED " line
    }
    return line
}
