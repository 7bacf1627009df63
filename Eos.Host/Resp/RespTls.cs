using System.IO.Pipelines;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Akka.Configuration;
using Eos.Kernel;

namespace Eos.Host.Resp;

/// <summary>TLS of the Redis door: `eos.resp.ssl`, when `enable-ssl` is on.</summary>
/// <param name="CertificatePath">A PKCS#12 file with certificate and private key; further certificates in it are sent with it.</param>
/// <param name="HandshakeTimeout">A client that has not finished its handshake by then is let go.</param>
public sealed record RespTlsSettings(string CertificatePath, string CertificatePassword, TimeSpan HandshakeTimeout)
{
    /// <summary>Reads `eos.resp.ssl`; <see cref="ConfigurationException"/> for a value out of range.</summary>
    public static RespTlsSettings From(Settings s)
    {
        var settings = new RespTlsSettings(s.Text("certificate.path"), s.Text("certificate.password"), s.Duration("handshake-timeout"));
        if (settings.HandshakeTimeout < TimeSpan.FromMilliseconds(100)) throw new ConfigurationException("eos.resp.ssl.handshake-timeout: 100ms ..");
        return settings;
    }
}

/// <summary>Opens TLS on connections. The server shows its certificate; clients prove themselves by the password.</summary>
internal sealed class RespTls
{
    private readonly SslServerAuthenticationOptions _options;
    private readonly TimeSpan _limit;

    /// <exception cref="ConfigurationException">There is no such certificate.</exception>
    public RespTls(RespTlsSettings settings)
    {
        _limit = settings.HandshakeTimeout;
        if (settings.CertificatePath.Length == 0) throw new ConfigurationException("eos.resp.enable-ssl needs eos.resp.ssl.certificate.path");
        X509Certificate2Collection all;
        try
        {
            all = X509CertificateLoader.LoadPkcs12CollectionFromFile(settings.CertificatePath, settings.CertificatePassword);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new ConfigurationException($"the certificate of eos.resp can't be read from {settings.CertificatePath}: {e.Message}", e);
        }
        var own = all.FirstOrDefault(c => c.HasPrivateKey) ?? throw new ConfigurationException($"{settings.CertificatePath} holds no certificate with a private key");
        _options = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(own, all, offline: true),
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        };
    }

    /// <summary>The connection with TLS around it.</summary>
    /// <exception cref="OperationCanceledException">The handshake was not finished in time.</exception>
    /// <exception cref="AuthenticationException"/>
    /// <exception cref="IOException"/>
    public async Task<RespTlsStream> OpenAsync(IDuplexPipe plain, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(_limit);
        var stream = new SslStream(new PipeStream(plain));
        await stream.AuthenticateAsServerAsync(_options, limit.Token).ConfigureAwait(false);
        return new RespTlsStream(stream, _limit);
    }
}

/// <summary>A connection inside TLS.</summary>
internal sealed class RespTlsStream(SslStream stream, TimeSpan limit) : IDuplexPipe
{
    public PipeReader Input { get; } = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 16 << 10, leaveOpen: true));

    public PipeWriter Output { get; } = PipeWriter.Create(stream, new StreamPipeWriterOptions(minimumBufferSize: 16 << 10, leaveOpen: true));

    /// <summary>Tells the client that this is the end and no attack that cuts off the rest.</summary>
    public Task EndAsync() => stream.ShutdownAsync().WaitAsync(limit);
}

/// <summary>A pipe in both directions as one stream.</summary>
internal sealed class PipeStream(IDuplexPipe pipe) : Stream
{
    private readonly Stream _input = pipe.Input.AsStream(leaveOpen: true);
    private readonly Stream _output = pipe.Output.AsStream(leaveOpen: true);

    public override bool CanRead => true;
    public override bool CanWrite => true;
    public override bool CanSeek => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => _input.ReadAsync(buffer, cancellationToken);
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => _output.WriteAsync(buffer, cancellationToken);
    public override Task FlushAsync(CancellationToken cancellationToken) => _output.FlushAsync(cancellationToken);

    public override void Flush() => throw new NotSupportedException();
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
}
