using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Eos.Host.Local;

/// <summary>The user and group of the process that has connected to a Unix socket, as the kernel of this machine has noted them at that moment.</summary>
public readonly record struct PeerUser(uint Uid, uint Gid)
{
    private const int SolSocket = 1, SoPeerCred = 17, CredentialBytes = 12;

    /// <exception cref="SocketException">The kernel does not tell.</exception>
    public static PeerUser Of(Socket socket)
    {
        Span<byte> credentials = stackalloc byte[CredentialBytes];   // pid, uid, gid
        if (socket.GetRawSocketOption(SolSocket, SoPeerCred, credentials) != CredentialBytes) throw new SocketException((int)SocketError.OperationNotSupported);
        return new PeerUser(MemoryMarshal.Read<uint>(credentials[4..]), MemoryMarshal.Read<uint>(credentials[8..]));
    }
}
