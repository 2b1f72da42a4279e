/* Replays a corpus through a fuzz target as an ordinary test: each file named, or each file of a
 * folder named, once. TAP. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int number;

static int replay_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    uint8_t *data;
    long size;

    if (!file)
        return 1;
    fseek(file, 0, SEEK_END);
    size = ftell(file);
    rewind(file);
    data = malloc((size_t)size + 1);
    if (!data || fread(data, 1, (size_t)size, file) != (size_t)size) {
        fclose(file);
        free(data);
        return 1;
    }
    fclose(file);
    LLVMFuzzerTestOneInput(data, (size_t)size);
    free(data);
    printf("ok %d - replay %s\n", ++number, path);
    fflush(stdout);
    return 0;
}

static int replay(const char *path)
{
    struct stat info;
    struct dirent *entry;
    char inside[4096];
    int failed = 0;
    DIR *folder;

    if (stat(path, &info) != 0)
        return 1;
    if (!S_ISDIR(info.st_mode))
        return replay_file(path);
    folder = opendir(path);
    if (!folder)
        return 1;
    while ((entry = readdir(folder))) {
        if (entry->d_name[0] == '.')
            continue;
        snprintf(inside, sizeof inside, "%s/%s", path, entry->d_name);
        failed += replay(inside);
    }
    closedir(folder);
    return failed;
}

int main(int count, char **words)
{
    int i, failed = 0;

    for (i = 1; i < count; i++)
        failed += replay(words[i]);
    if (failed || number == 0)
        printf("not ok %d - %d corpus files could not be read, %d were\n", number + 1, failed,
               number);
    return failed || number == 0;
}
