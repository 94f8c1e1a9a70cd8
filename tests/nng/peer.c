/* A plain nng peer that knows nothing of Eta: what a C program would do.
 *
 *   peer PROTOCOL listen|dial URL
 *
 * PROTOCOL is pair, req or rep. Standard input says what to do, a line each:
 *
 *   send HEX    send a frame of these bytes
 *   recv        receive a frame and print its bytes as HEX
 *
 * The exit status is 1 if anything fails, a receive within thirty seconds included.
 *
 *   cc -o peer peer.c -lnng */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <nng/nng.h>
#include <nng/protocol/pair0/pair.h>
#include <nng/protocol/reqrep0/rep.h>
#include <nng/protocol/reqrep0/req.h>

static void check(const char *what, int code)
{
    if (code == 0) return;
    fprintf(stderr, "peer: %s: %s\n", what, nng_strerror(code));
    exit(1);
}

static int open_socket(const char *protocol, nng_socket *socket)
{
    if (strcmp(protocol, "pair") == 0) return nng_pair0_open(socket);
    if (strcmp(protocol, "req") == 0) return nng_req0_open(socket);
    if (strcmp(protocol, "rep") == 0) return nng_rep0_open(socket);
    return NNG_ENOTSUP;
}

static void send_hex(nng_socket socket, const char *hex)
{
    size_t length = strspn(hex, "0123456789ABCDEFabcdef") / 2;
    unsigned char *bytes = malloc(length + 1);
    for (size_t i = 0; i < length; i++) {
        unsigned byte;
        sscanf(hex + 2 * i, "%2x", &byte);
        bytes[i] = (unsigned char)byte;
    }
    check("send", nng_send(socket, bytes, length, 0));
    free(bytes);
}

static void print_next(nng_socket socket)
{
    unsigned char *bytes;
    size_t length;
    check("recv", nng_recv(socket, &bytes, &length, NNG_FLAG_ALLOC));
    for (size_t i = 0; i < length; i++) printf("%02X", bytes[i]);
    printf("\n");
    fflush(stdout);
    nng_free(bytes, length);
}

int main(int argc, char **argv)
{
    static char line[1 << 20];
    nng_socket socket;
    if (argc != 4) return 2;
    check("open", open_socket(argv[1], &socket));
    check("recv-timeout", nng_socket_set_ms(socket, NNG_OPT_RECVTIMEO, 30000));
    if (strcmp(argv[2], "listen") == 0) {
        check("listen", nng_listen(socket, argv[3], NULL, 0));
        printf("listening\n");
        fflush(stdout);
    } else {
        check("dial", nng_dial(socket, argv[3], NULL, 0));
    }
    while (fgets(line, sizeof line, stdin) != NULL) {
        if (strncmp(line, "send ", 5) == 0) send_hex(socket, line + 5);
        else print_next(socket);
    }
    nng_msleep(100); /* what was sent last is on its way */
    nng_close(socket);
    return 0;
}
