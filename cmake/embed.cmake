# cmake -DINPUT=FILE -DOUTPUT=FILE.c -P embed.cmake: a file's bytes as pfl_launcher_image[] and its size.
file(READ ${INPUT} hex HEX)
string(REGEX REPLACE "(................................)" "\\1\n" lines "${hex}")
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," lines "${lines}")
file(WRITE ${OUTPUT}
  "extern const unsigned char pfl_launcher_image[];\nextern const unsigned long pfl_launcher_image_size;\n"
  "const unsigned char pfl_launcher_image[] = {\n${lines}};\n"
  "const unsigned long pfl_launcher_image_size = sizeof pfl_launcher_image;\n")
